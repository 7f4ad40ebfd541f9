"""Close the invitations that nobody answered in time."""

import msgspec

from services.recognition.honouring.store import answers
from shared.database import Connection


class ExpireInvitations(msgspec.Struct, frozen=True, kw_only=True):
    """How many to close at once; the timer asks again until there is nothing left to do."""

    most: int = 500


async def expire_invitations(transaction: Connection, command: ExpireInvitations) -> int:
    """Close invitations whose deadline has passed, and return how many.

    They hold no places, so nothing is freed. A clerk may still record an answer that was on its
    way by post.
    """
    return len(await answers.expire_silent(transaction, command.most))

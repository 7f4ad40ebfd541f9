"""Forget who took part once nobody needs to know any more, and who has never confirmed."""

from datetime import datetime

import msgspec

from services.events.courses.store import links
from shared.database import Connection


class ForgetParticipants(msgspec.Struct, frozen=True, kw_only=True):
    """How many of each kind at once; the timer asks again until there is nothing left to do."""

    most: int = 500


async def forget_participants(
    transaction: Connection, command: ForgetParticipants, now: datetime
) -> int:
    """Delete unconfirmed registrations, erase names and links after a run; return of how many."""
    unconfirmed = await links.forget_unconfirmed(transaction, now, command.most)
    erased = await links.erase_participants(transaction, now, command.most)
    return unconfirmed + erased

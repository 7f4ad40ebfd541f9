"""Remind associations whose deadline comes near and who have proposed nobody."""

import msgspec

from services.recognition.honouring.store import requests
from shared import outbox
from shared.contracts.recognition import NominationReminded
from shared.database import Connection


class RemindLateOrganisations(msgspec.Struct, frozen=True, kw_only=True):
    """How many to look at; the timer asks again until there is nothing left to do."""

    most: int = 500


async def remind_late_organisations(
    transaction: Connection, command: RemindLateOrganisations
) -> int:
    """Remind those whose time has come, once for each event, and return how many were due.

    Who has proposed somebody meanwhile, or cannot propose any more, is not reminded.
    """
    due = await requests.take_due(transaction, command.most)
    late = await requests.remind_silent(transaction, due)
    await outbox.record(transaction, *(NominationReminded(**one.told) for one in late))
    return len(due)

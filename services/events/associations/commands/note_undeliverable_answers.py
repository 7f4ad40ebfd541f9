"""Mails to associations were refused for good: editors see that the address does not work."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final

import msgspec

from services.events.associations.store import mails
from shared.contracts.notifier import MessageFailed
from shared.database import Connection

ABOUT_SUBMISSIONS: Final = "submission_"
"""How the purposes of all mails about submitted events begin."""


class NoteUndeliverableAnswers(msgspec.Struct, frozen=True, kw_only=True):
    """What notifier has told, about mails of all kinds."""

    facts: Sequence[MessageFailed]


async def note_undeliverable_answers(
    transaction: Connection, command: NoteUndeliverableAnswers, now: datetime
) -> None:
    """Mark the addresses such a mail went to; mails about other things are left out."""
    concerned = sorted(
        {fact.concerns_id for fact in command.facts if fact.purpose.startswith(ABOUT_SUBMISSIONS)}
    )
    if concerned:
        await mails.note_undeliverable(transaction, concerned, now)

"""Mails to participants were refused for good: staff see that somebody should call."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final

import msgspec

from services.events.courses.store import participants
from shared.contracts.notifier import MessageFailed
from shared.database import Connection

ABOUT_COURSES: Final = "course_"
"""How the purposes of all mails to participants begin."""


class NoteUndeliverableMails(msgspec.Struct, frozen=True, kw_only=True):
    """What notifier has told, about mails of all kinds."""

    facts: Sequence[MessageFailed]


async def note_undeliverable_mails(
    transaction: Connection, command: NoteUndeliverableMails, now: datetime
) -> None:
    """Mark the registrations that such a mail was about; mails about other things are left out."""
    concerned = sorted(
        {fact.concerns_id for fact in command.facts if fact.purpose.startswith(ABOUT_COURSES)}
    )
    if concerned:
        await participants.note_undeliverable(transaction, concerned, now)

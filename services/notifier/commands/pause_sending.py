"""Stop all mails by hand."""

import msgspec

from services.notifier.store import control
from shared import audit
from shared.database import Connection
from shared.errors import Refused


class AlreadyPaused(Refused):
    """Somebody else was quicker."""

    def __init__(self) -> None:
        super().__init__("Der Versand ist schon angehalten.")


class PauseSending(msgspec.Struct, frozen=True, kw_only=True):
    """Who stops the mails."""

    paused_by: str
    """Name of the member of staff."""
    actor: str
    """Subject of the staff token."""


async def pause_sending(transaction: Connection, command: PauseSending) -> None:
    """Let no mail go out any more, except for those that are being handed over right now.

    Raises:
        AlreadyPaused: sending is stopped.
    """
    if not await control.pause(transaction, command.paused_by):
        raise AlreadyPaused
    await audit.note(
        transaction, actor=command.actor, action="pause_sending", concerns="sending_control"
    )

"""Let mails go out again."""

import msgspec

from services.notifier.store import control
from shared import audit
from shared.database import Connection
from shared.errors import Refused


class NotPaused(Refused):
    """Somebody else was quicker."""

    def __init__(self) -> None:
        super().__init__("Der Versand läuft schon.")


class ResumeSending(msgspec.Struct, frozen=True, kw_only=True):
    """Who lets the mails go."""

    actor: str
    """Subject of the staff token."""


async def resume_sending(transaction: Connection, command: ResumeSending) -> None:
    """Go on with what has waited, in its order.

    Raises:
        NotPaused: sending is not stopped.
    """
    if not await control.resume(transaction):
        raise NotPaused
    await audit.note(
        transaction, actor=command.actor, action="resume_sending", concerns="sending_control"
    )

"""Try a mail once more that was given up or withheld."""

from uuid import UUID

import msgspec

from services.notifier.model import Purpose
from services.notifier.store import ledger
from shared import audit
from shared.database import Connection
from shared.errors import NotFound, Refused


class MessageUnknown(NotFound):
    """There is no such message."""

    def __init__(self) -> None:
        super().__init__("Diese Nachricht gibt es nicht.")


class StillOnItsWay(Refused):
    """The message has been sent, or will be by itself."""

    def __init__(self) -> None:
        super().__init__(
            "Diese Nachricht ist verschickt oder wird von selbst noch einmal versucht."
        )


class SendAgain(msgspec.Struct, frozen=True, kw_only=True):
    """Which message, and who wants it."""

    message_id: UUID
    purposes: tuple[Purpose, ...]
    """Of the messages that they may see."""
    actor: str
    """Subject of the staff token."""


async def send_again(transaction: Connection, command: SendAgain) -> None:
    """Queue the message with its old Message-ID, for whatever address the person has now.

    Raises:
        MessageUnknown: there is no such message for them.
        StillOnItsWay: it was not given up.
    """
    before = await ledger.send_again(transaction, command.message_id, command.purposes)
    if before is None:
        raise MessageUnknown
    if before not in {"failed", "withheld"}:
        raise StillOnItsWay
    await audit.note(
        transaction,
        actor=command.actor,
        action="send_again",
        concerns=f"message:{command.message_id}",
    )

"""Have a letter printed for a guest whom no mail reaches."""

from uuid import UUID

import msgspec

from services.notifier.store import batches, letters
from shared import audit
from shared.database import Connection
from shared.errors import Refused


class NotGivenUp(Refused):
    """A letter takes the place of a mail only when that has failed for good."""

    def __init__(self) -> None:
        super().__init__("Nur für nicht zustellbare E-Mails kann ein Brief gedruckt werden.")


class SendByLetter(msgspec.Struct, frozen=True, kw_only=True):
    """Which message, and who wants it."""

    message_id: UUID
    actor: str
    """Subject of the staff token."""


async def send_by_letter(transaction: Connection, command: SendByLetter) -> None:
    """Put a letter for a failed mail into the open batch of its kind.

    Raises:
        NotGivenUp: the mail has not failed.
    """
    put = 0
    for kind in await letters.kinds(transaction, [command.message_id]):
        batch_id = await batches.open_batch(
            transaction, kind.honouring_event_id, kind.purpose, kind.invitation_wave_id
        )
        put = await letters.put_into_batch(transaction, batch_id, kind, [command.message_id])
    if not put:
        raise NotGivenUp
    await audit.note(
        transaction,
        actor=command.actor,
        action="send_by_letter",
        concerns=f"message:{command.message_id}",
    )

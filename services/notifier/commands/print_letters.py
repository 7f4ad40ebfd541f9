"""Have the letters of a batch drawn as one PDF."""

from uuid import UUID

import msgspec

from services.notifier.store import batches, prints
from shared import audit
from shared.database import Connection
from shared.errors import NotFound, Refused


class BatchUnknown(NotFound):
    """There is no such batch."""

    def __init__(self) -> None:
        super().__init__("Diesen Briefstapel gibt es nicht.")


class NothingToPrint(Refused):
    """All letters of the batch have been overtaken."""

    def __init__(self) -> None:
        super().__init__("In diesem Stapel ist kein Brief mehr zu drucken.")


class PrintLetters(msgspec.Struct, frozen=True, kw_only=True):
    """Which letters, and who wants them."""

    letter_batch_id: UUID
    requested_by: str
    """Subject of the staff token."""


async def print_letters(transaction: Connection, command: PrintLetters) -> UUID:
    """Close the batch, so that what is printed is what is posted, and return the job's id.

    Asked for again, the same letters are drawn again, with fresh codes.

    Raises:
        BatchUnknown: there is no such batch.
        NothingToPrint: it has no letters left.
    """
    await batches.lock_batch(transaction, command.letter_batch_id)
    found = await batches.listed(transaction, command.letter_batch_id)
    if not found:
        raise BatchUnknown
    if not found[0].letters:
        raise NothingToPrint
    await batches.close_batch(transaction, command.letter_batch_id)
    await audit.note(
        transaction,
        actor=command.requested_by,
        action="print_letters",
        concerns=f"letter_batch:{command.letter_batch_id}",
        details={"letters": found[0].letters},
    )
    return await prints.request(
        transaction, command.letter_batch_id, command.requested_by, found[0].letters
    )

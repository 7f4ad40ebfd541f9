"""Note that the letters of a batch are printed and in the post."""

from uuid import UUID

import msgspec

from services.notifier.store import batches, letters, prints
from shared import audit, outbox
from shared.contracts.notifier import LetterBatchPrinted
from shared.database import Connection
from shared.errors import Refused


class NotPrinted(Refused):
    """Nobody has fetched the letters yet."""

    def __init__(self) -> None:
        super().__init__("Bitte drucken Sie die Briefe zuerst.")


class AlreadyPosted(Refused):
    """The letters were marked before."""

    def __init__(self) -> None:
        super().__init__("Diese Briefe sind schon als verschickt eingetragen.")


class PostLetters(msgspec.Struct, frozen=True, kw_only=True):
    """Which letters, and who posted them."""

    letter_batch_id: UUID
    posted_by: str
    """Name of the member of staff."""
    actor: str
    """Subject of the staff token."""


async def post_letters(transaction: Connection, command: PostLetters) -> int:
    """Enter all printed letters of the batch as posted and say so; return how many.

    Raises:
        NotPrinted: no PDF of the batch has been made.
        AlreadyPosted: somebody did this before.
    """
    made = await prints.newest_of_batch(transaction, command.letter_batch_id)
    if made is None or made.state != "done":
        raise NotPrinted
    version = await batches.post_batch(transaction, command.letter_batch_id, command.posted_by)
    if version is None:
        raise AlreadyPosted
    posted = await letters.post_letters(transaction, command.letter_batch_id)
    await prints.forget_files_of_batch(transaction, command.letter_batch_id)
    await outbox.record(
        transaction,
        LetterBatchPrinted(
            letter_batch_id=command.letter_batch_id, version=version, letters=posted
        ),
    )
    await audit.note(
        transaction,
        actor=command.actor,
        action="post_letters",
        concerns=f"letter_batch:{command.letter_batch_id}",
        details={"letters": posted},
    )
    return posted

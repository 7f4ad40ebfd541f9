"""Keep a finished PDF with letters for those who asked for it."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import msgspec

from services.notifier.store import known, letters, prints
from shared.database import Connection


class FinishLetters(msgspec.Struct, frozen=True, kw_only=True):
    """The PDF, and what is not in it."""

    letter_print_id: UUID
    letter_batch_id: UUID
    pdf: bytes
    """Empty if no letter of the batch is true any more."""
    left_out: Sequence[tuple[UUID, str]]
    """By message, why its letter was left out."""
    reminders: Sequence[tuple[UUID, datetime]]
    """By invitation, when the guest is to be reminded."""


async def finish_letters(transaction: Connection, command: FinishLetters) -> bool:
    """Note what was drawn and keep the file for an hour; return False if the job was stopped."""
    left_out = len(command.left_out)
    if not await prints.finish(transaction, command.letter_print_id, "done", left_out):
        return False
    if command.pdf:
        await prints.keep_file(transaction, command.letter_print_id, command.pdf)
    await letters.leave_out(transaction, command.left_out, command.letter_batch_id)
    await known.set_reminders(transaction, command.reminders)
    return True

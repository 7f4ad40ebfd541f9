"""Keeps the making of PDFs with letters: how far each is, and for an hour the file."""

from datetime import datetime
from typing import Literal
from uuid import UUID

import msgspec

from shared.database import Connection

PrintState = Literal["queued", "running", "done", "failed", "cancelled"]
KEPT_SECONDS = 3600
"""How long a finished PDF can be fetched."""


class LetterPrint(msgspec.Struct, frozen=True):
    """The making of one PDF with all letters of a batch."""

    letter_print_id: UUID
    letter_batch_id: UUID
    state: PrintState
    letters: int
    drawn: int
    left_out: int
    requested_at: datetime
    finished_at: datetime | None
    has_file: bool

    @property
    def percent(self) -> int:
        """Return how much of it is done, in whole per cent."""
        return 100 if self.state == "done" else self.drawn * 100 // max(self.letters, 1)


async def request(
    transaction: Connection, letter_batch_id: UUID, requested_by: str, letters: int
) -> UUID:
    """Have a worker draw the letters of a batch; return the job's id."""
    print_id: UUID = await transaction.fetchval(
        """
        insert into letter_print (letter_batch_id, requested_by, letters)
        values ($1, $2, $3)
        returning letter_print_id
        """,
        letter_batch_id,
        requested_by,
        letters,
    )
    return print_id


async def find(connection: Connection, letter_print_id: UUID) -> LetterPrint | None:
    """Return how far the making of a PDF is."""
    row = await connection.fetchrow(
        """
        select
            letter_print_id, letter_batch_id, state, letters, drawn, left_out, requested_at,
            finished_at,
            exists (
                select from letter_file
                where letter_file.letter_print_id = letter_print.letter_print_id
            ) as has_file
        from letter_print
        where letter_print_id = $1
        """,
        letter_print_id,
    )
    return LetterPrint(*row) if row else None


async def newest_of_batch(connection: Connection, letter_batch_id: UUID) -> LetterPrint | None:
    """Return the last PDF that was asked for."""
    row = await connection.fetchrow(
        """
        select
            letter_print_id, letter_batch_id, state, letters, drawn, left_out, requested_at,
            finished_at,
            exists (
                select from letter_file
                where letter_file.letter_print_id = letter_print.letter_print_id
            ) as has_file
        from letter_print
        where letter_batch_id = $1
        order by requested_at desc
        limit 1
        """,
        letter_batch_id,
    )
    return LetterPrint(*row) if row else None


async def claim(transaction: Connection, lease_seconds: float) -> tuple[UUID, UUID] | None:
    """Claim the oldest job that nobody works on; return its own and its batch's id.

    A job whose worker has died is begun anew.
    """
    row = await transaction.fetchrow(
        """
        update letter_print
        set state = 'running', drawn = 0, left_out = 0,
            lease_until = now() + make_interval(secs => $1)
        where letter_print_id = (
            select letter_print_id from letter_print
            where state = 'queued' or state = 'running' and lease_until < now()
            order by requested_at
            limit 1
            for update skip locked
        )
        returning letter_print_id, letter_batch_id
        """,
        lease_seconds,
    )
    return (row["letter_print_id"], row["letter_batch_id"]) if row else None


async def progress(
    transaction: Connection, letter_print_id: UUID, drawn: int, lease_seconds: float
) -> bool:
    """Note how many letters are drawn; return False if the job was cancelled."""
    running = await transaction.fetchval(
        """
        update letter_print
        set drawn = $2, lease_until = now() + make_interval(secs => $3)
        where letter_print_id = $1 and state = 'running'
        returning true
        """,
        letter_print_id,
        drawn,
        lease_seconds,
    )
    return bool(running)


async def finish(
    transaction: Connection, letter_print_id: UUID, state: PrintState, left_out: int
) -> bool:
    """End a running job; return False if it was cancelled meanwhile."""
    finished = await transaction.fetchval(
        """
        update letter_print
        set state = $2, left_out = $3, lease_until = null, finished_at = now()
        where letter_print_id = $1 and state = 'running'
        returning true
        """,
        letter_print_id,
        state,
        left_out,
    )
    return bool(finished)


async def put_back(transaction: Connection, letter_print_id: UUID) -> None:
    """Give a running job back, to be begun anew."""
    await transaction.execute(
        """
        update letter_print set state = 'queued', lease_until = null
        where letter_print_id = $1 and state = 'running'
        """,
        letter_print_id,
    )


async def cancel(transaction: Connection, letter_print_id: UUID) -> bool:
    """Stop a job; return False if it has ended."""
    cancelled = await transaction.fetchval(
        """
        update letter_print set state = 'cancelled', lease_until = null, finished_at = now()
        where letter_print_id = $1 and state in ('queued', 'running')
        returning true
        """,
        letter_print_id,
    )
    return bool(cancelled)


async def keep_file(transaction: Connection, letter_print_id: UUID, pdf: bytes) -> None:
    """Keep a finished PDF for those who asked for it."""
    await transaction.execute(
        "insert into letter_file (letter_print_id, pdf) values ($1, $2)", letter_print_id, pdf
    )


async def file(connection: Connection, letter_print_id: UUID) -> bytes | None:
    """Return a finished PDF, None once it has been forgotten."""
    pdf: bytes | None = await connection.fetchval(
        "select pdf from letter_file where letter_print_id = $1", letter_print_id
    )
    return pdf


async def forget_files(transaction: Connection) -> int:
    """Delete the PDFs that are older than an hour; return how many."""
    deleted: str = await transaction.execute(
        "delete from letter_file where made_at < now() - make_interval(secs => $1)", KEPT_SECONDS
    )
    return int(deleted.rsplit(maxsplit=1)[-1])


async def forget_files_of_batch(transaction: Connection, letter_batch_id: UUID) -> None:
    """Delete the PDFs of a batch that is in the post."""
    await transaction.execute(
        """
        delete from letter_file
        where letter_print_id in (
            select letter_print_id from letter_print where letter_batch_id = $1
        )
        """,
        letter_batch_id,
    )

"""Keeps batches of letters: open while letters join, closed by printing, then in the post."""

from datetime import datetime
from typing import Literal
from uuid import UUID

import msgspec

from services.notifier.model import Purpose
from shared.database import Connection

BatchState = Literal["open", "closed", "posted"]


class LetterBatch(msgspec.Struct, frozen=True):
    """Letters of one kind that are printed together (Briefstapel)."""

    letter_batch_id: UUID
    version: int
    honouring_event_id: UUID
    purpose: Purpose
    event_title: str
    letters: int
    """How many there are to print."""
    left_out: int
    """How many were overtaken before they were printed."""
    opened_at: datetime
    closed_at: datetime | None
    posted_at: datetime | None
    posted_by: str

    @property
    def state(self) -> BatchState:
        """Return how far it is: open while letters still join it."""
        if self.posted_at is not None:
            return "posted"
        return "open" if self.closed_at is None else "closed"


async def open_batch(
    transaction: Connection, honouring_event_id: UUID, purpose: Purpose, wave_id: UUID | None
) -> UUID:
    """Return the batch that letters of this kind join, opened if there is none; it is locked."""
    batch_id: UUID = await transaction.fetchval(
        """
        insert into letter_batch (honouring_event_id, purpose, invitation_wave_id)
        values ($1, $2, $3)
        on conflict (honouring_event_id, purpose, invitation_wave_id) where closed_at is null
        do update set purpose = excluded.purpose
        returning letter_batch_id
        """,
        honouring_event_id,
        purpose,
        wave_id,
    )
    return batch_id


async def listed(connection: Connection, letter_batch_id: UUID | None = None) -> list[LetterBatch]:
    """Return all batches, or this one: what is to be printed first, then the newest."""
    rows = await connection.fetch(
        """
        select
            letter_batch_id,
            letter_batch.version,
            letter_batch.honouring_event_id,
            letter_batch.purpose,
            coalesce(known_event.title, '') as event_title,
            count(message.message_id) filter (
                where message.state in ('in_batch', 'posted') and letter.left_out = ''
            ) as letters,
            count(message.message_id) filter (
                where message.state not in ('in_batch', 'posted') or letter.left_out <> ''
            ) as left_out,
            opened_at, closed_at, posted_at, posted_by
        from letter_batch
        left join known_event using (honouring_event_id)
        left join letter using (letter_batch_id)
        left join message using (message_id)
        where $1::uuid is null or letter_batch_id = $1
        group by letter_batch_id, known_event.title
        order by posted_at is not null, opened_at desc
        limit 500
        """,
        letter_batch_id,
    )
    return [LetterBatch(*row) for row in rows]


async def lock_batch(transaction: Connection, letter_batch_id: UUID) -> None:
    """Lock a batch until the transaction ends."""
    await transaction.execute(
        "select from letter_batch where letter_batch_id = $1 for update", letter_batch_id
    )


async def close_batch(transaction: Connection, letter_batch_id: UUID) -> None:
    """Let no more letters join the batch; closed before, it stays as it is."""
    await transaction.execute(
        """
        update letter_batch set closed_at = now()
        where letter_batch_id = $1 and closed_at is null
        """,
        letter_batch_id,
    )


async def post_batch(transaction: Connection, letter_batch_id: UUID, posted_by: str) -> int | None:
    """Note that the letters are in the post; return the batch's version, None if it was before."""
    version: int | None = await transaction.fetchval(
        """
        update letter_batch
        set posted_at = now(), posted_by = $2, closed_at = coalesce(closed_at, now()),
            version = version + 1
        where letter_batch_id = $1 and posted_at is null
        returning version
        """,
        letter_batch_id,
        posted_by,
    )
    return version

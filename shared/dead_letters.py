"""Keeps what could not be consumed, with its reason, until a person closes it."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

import msgspec

from shared.database import Connection

KEPT_DAYS = 30
"""How long a letter that was replayed stays, to be compared with what came of it."""
OPEN_DAYS = 365
"""How long a letter waits for a person; `ehrensache status` names it on each of these days.

So long it stays as well after it was dismissed, with who did it and why.
"""


class DeadLetter(msgspec.Struct, frozen=True):
    """A message that was given up on."""

    dead_letter_id: UUID
    consumer: str
    fact_id: UUID | None
    """None: the message did not even carry a readable id."""
    subject: str
    headers: dict[str, str]
    body: bytes
    reason: str
    deliveries: int
    buried_at: datetime
    replayed_at: datetime | None
    dismissed_at: datetime | None
    dismissed_by: str | None
    dismissed_because: str | None


class Undeliverable(msgspec.Struct, frozen=True, kw_only=True):
    """A message as it arrived, and why it could not be consumed."""

    consumer: str
    fact_id: UUID | None
    subject: str
    headers: Mapping[str, str]
    body: bytes
    reason: str
    deliveries: int


async def bury(transaction: Connection, message: Undeliverable) -> None:
    """Keep a message with its reason; burying the same fact again changes nothing."""
    await transaction.execute(
        """
        insert into dead_letter (consumer, fact_id, subject, headers, body, reason, deliveries)
        values ($1, $2, $3, $4, $5, $6, $7)
        on conflict (consumer, fact_id) where replayed_at is null do nothing
        """,
        message.consumer,
        message.fact_id,
        message.subject,
        dict(message.headers),
        message.body,
        message.reason,
        message.deliveries,
    )


async def open_letters(connection: Connection, most: int = 100) -> list[DeadLetter]:
    """Return the letters that wait for a person, oldest first."""
    rows = await connection.fetch(
        """
        select
            dead_letter_id, consumer, fact_id, subject, headers, body, reason, deliveries,
            buried_at, replayed_at, dismissed_at, dismissed_by, dismissed_because
        from dead_letter
        where replayed_at is null and dismissed_at is null
        order by buried_at
        limit $1
        """,
        most,
    )
    return [DeadLetter(*row) for row in rows]


async def claim_letter(transaction: Connection, dead_letter_id: UUID) -> DeadLetter | None:
    """Mark a letter as replayed and return it; None if it is unknown or closed already."""
    row = await transaction.fetchrow(
        """
        update dead_letter set replayed_at = now()
        where dead_letter_id = $1 and replayed_at is null and dismissed_at is null
        returning
            dead_letter_id, consumer, fact_id, subject, headers, body, reason, deliveries,
            buried_at, replayed_at, dismissed_at, dismissed_by, dismissed_because
        """,
        dead_letter_id,
    )
    return DeadLetter(*row) if row else None


async def dismissed_letters(connection: Connection, most: int = 100) -> list[DeadLetter]:
    """Return the letters that were dismissed, the last first."""
    rows = await connection.fetch(
        """
        select
            dead_letter_id, consumer, fact_id, subject, headers, body, reason, deliveries,
            buried_at, replayed_at, dismissed_at, dismissed_by, dismissed_because
        from dead_letter
        where dismissed_at is not null
        order by dismissed_at desc
        limit $1
        """,
        most,
    )
    return [DeadLetter(*row) for row in rows]


async def dismiss_letter(
    transaction: Connection, dead_letter_id: UUID, by: str, because: str
) -> bool:
    """Close a letter without replaying it; tell whether it was open.

    The same fact, delivered again, is not buried a second time: it stays dismissed.
    """
    dismissed: str = await transaction.execute(
        """
        update dead_letter
        set dismissed_at = now(), dismissed_by = $2, dismissed_because = $3
        where dead_letter_id = $1 and replayed_at is null and dismissed_at is null
        """,
        dead_letter_id,
        by,
        because,
    )
    return dismissed == "UPDATE 1"


async def forget_old(transaction: Connection, most: int) -> int:
    """Delete up to `most` letters whose time is over, closed or not; return how many."""
    deleted: str = await transaction.execute(
        """
        delete from dead_letter where dead_letter_id in (
            select dead_letter_id from dead_letter
            where
                replayed_at < now() - make_interval(days => $2)
                or dismissed_at < now() - make_interval(days => $3)
                or (
                    replayed_at is null
                    and dismissed_at is null
                    and buried_at < now() - make_interval(days => $3)
                )
            limit $1
            for update skip locked
        )
        """,
        most,
        KEPT_DAYS,
        OPEN_DAYS,
    )
    return int(deleted.rsplit(maxsplit=1)[-1])

"""Keeps the facts of a transaction until the relay has published them."""

from datetime import datetime
from uuid import UUID

import msgspec

from shared.contracts.fact import Fact
from shared.database import Connection
from shared.telemetry import current_traceparent

KEPT_DAYS = 30
"""How long published rows stay, so that a lost stream can be published again."""
MOST_BYTES = 60_000
"""What one fact may weigh: with its headers, less than the stream's limit of 64 KB."""

_encoder = msgspec.json.Encoder()


class Recorded(msgspec.Struct, frozen=True):
    """A fact as it stands in the outbox, ready to be published."""

    position: int
    fact_id: UUID
    subject: str
    aggregate_id: UUID
    traceparent: str
    body: bytes
    recorded_at: datetime


async def record(transaction: Connection, *facts: Fact) -> None:
    """Record facts in the caller's transaction, in this order, with one statement.

    Call it after the aggregate's row is locked or written, so that facts about one aggregate are
    recorded in the order of its versions.
    """
    if not facts:
        return
    bodies = [_encoder.encode(fact) for fact in facts]
    if max(map(len, bodies)) > MOST_BYTES:
        raise ValueError("a fact would be larger than the 64 KB that the stream takes")
    await transaction.execute(
        """
        insert into outbox (fact_id, subject, aggregate_id, aggregate_version, traceparent, body)
        select uuidv7(), subject, aggregate_id, aggregate_version, $5, body
        from unnest($1::text[], $2::uuid[], $3::integer[], $4::bytea[])
            with ordinality as fact (subject, aggregate_id, aggregate_version, body, number)
        order by number
        """,
        [fact.subject for fact in facts],
        [fact.aggregate_id for fact in facts],
        [fact.version for fact in facts],
        bodies,
        current_traceparent(),
    )


async def claim_unpublished(transaction: Connection, most: int) -> list[Recorded]:
    """Lock up to `most` unpublished facts, oldest first, leaving out what others hold."""
    rows = await transaction.fetch(
        """
        select position, fact_id, subject, aggregate_id, traceparent, body, recorded_at
        from outbox
        where published_at is null
        order by position
        limit $1
        for update skip locked
        """,
        most,
    )
    return [Recorded(*row) for row in rows]


async def mark_published(transaction: Connection, positions: list[int]) -> None:
    """Note that these facts stand in the stream."""
    await transaction.execute(
        "update outbox set published_at = clock_timestamp() where position = any($1)", positions
    )


async def forget_published(transaction: Connection, most: int) -> int:
    """Delete up to `most` facts that were published longer ago than they are kept.

    Returns:
        How many were deleted; fewer than `most` means that nothing is left to delete.
    """
    deleted: str = await transaction.execute(
        """
        delete from outbox
        where position in (
            select position from outbox
            where published_at < now() - make_interval(days => $2)
            order by published_at
            limit $1
            for update skip locked
        )
        """,
        most,
        KEPT_DAYS,
    )
    return int(deleted.rsplit(maxsplit=1)[-1])


async def republish(transaction: Connection) -> int:
    """Mark all kept facts as unpublished, for a stream that was lost.

    Consumers leave out what their inboxes have seen, so nothing happens twice.
    """
    updated: str = await transaction.execute(
        "update outbox set published_at = null where published_at is not null"
    )
    return int(updated.rsplit(maxsplit=1)[-1])

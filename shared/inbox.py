"""Remembers which facts a consumer has taken, so that none has its effect twice."""

from collections.abc import Sequence
from uuid import UUID

from shared.database import Connection

KEPT_DAYS = 35
"""Longer than the stream keeps a fact, so that a redelivered one is always recognised."""


async def take(transaction: Connection, consumer: str, fact_ids: Sequence[UUID]) -> set[UUID]:
    """Enter facts for the first time and return those that had not been taken before."""
    rows = await transaction.fetch(
        """
        insert into inbox (consumer, fact_id)
        select $1, fact_id from unnest($2::uuid[]) as fact (fact_id)
        on conflict do nothing
        returning fact_id
        """,
        consumer,
        fact_ids,
    )
    return {row[0] for row in rows}


async def forget_taken(transaction: Connection, most: int) -> int:
    """Delete up to `most` entries that are older than any fact in the stream.

    Returns:
        How many were deleted; fewer than `most` means that nothing is left to delete.
    """
    deleted: str = await transaction.execute(
        """
        delete from inbox
        where (consumer, fact_id) in (
            select consumer, fact_id from inbox
            where received_at < now() - make_interval(days => $2)
            order by received_at
            limit $1
            for update skip locked
        )
        """,
        most,
        KEPT_DAYS,
    )
    return int(deleted.rsplit(maxsplit=1)[-1])

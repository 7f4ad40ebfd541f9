"""Reads and writes how far partners are trusted, and what of theirs waits for an editor."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Literal
from uuid import UUID

import msgspec

from services.events.ingest.trust import Brake, Trust, TrustRules
from shared.database import Connection


class HeldBack(msgspec.Struct, frozen=True, kw_only=True):
    """A cancellation or withdrawal that waits for an editor."""

    partner_item_id: UUID
    partner_key: str
    held: Literal["cancelled", "withdrawn"]
    calendar_event_id: UUID
    title: str
    starts: datetime
    """Wall clock of the event."""
    all_day: bool
    at: datetime


class ToReview(msgspec.Struct, frozen=True, kw_only=True):
    """An event that stands in the calendar without that an editor has looked at it."""

    partner_item_id: UUID
    calendar_event_id: UUID
    title: str
    starts: datetime
    """Wall clock of the event."""
    all_day: bool
    to_review_since: datetime


async def trust_rules(connection: Connection, partner_id: UUID) -> TrustRules:
    """Return how far a partner is trusted, a partner that is there."""
    [row] = await connection.fetch(
        """
        select trust as otherwise, (
            select coalesce(jsonb_object_agg(category, partner_trust.trust), '{}')
            from partner_trust
            where partner_trust.partner_id = partner.partner_id
        ) as by_category
        from partner
        where partner_id = $1
        """,
        partner_id,
    )
    return TrustRules(*row)


async def forget_rules(transaction: Connection, partner_id: UUID) -> None:
    """Delete what is ruled for single categories."""
    await transaction.execute("delete from partner_trust where partner_id = $1", partner_id)


async def save_rules(transaction: Connection, partner_id: UUID, rules: Mapping[str, Trust]) -> None:
    """Write rules for categories that have none."""
    await transaction.executemany(
        "insert into partner_trust (partner_id, category, trust) values ($1, $2, $3)",
        [(partner_id, category, trust) for category, trust in rules.items()],
    )


async def brake(connection: Connection, partner_id: UUID, since: datetime, now: datetime) -> Brake:
    """Return how many events a partner has ahead, and how many it has called off since then."""
    row = await connection.fetchrow(
        """
        select
            (
                select count(*) from partner_item
                join calendar_event using (calendar_event_id)
                join event_ical using (calendar_event_id)
                where partner_id = $1 and last_at >= $3 and calendar_event.state <> 'cancelled'
            ) as coming,
            (
                select count(*) from partner_item where partner_id = $1 and cancelled_at > $2
            ) as cancelled
        """,
        partner_id,
        since,
        now,
    )
    if row is None:
        raise LookupError("a count returns its row")
    return Brake(row["coming"] + row["cancelled"], row["cancelled"])


async def held_back(connection: Connection, partner_id: UUID) -> list[HeldBack]:
    """Return what an editor has to release or to reject, the earliest event first."""
    rows = await connection.fetch(
        """
        select partner_item_id, partner_key, held, calendar_event_id, title, starts, all_day,
            received_at as at
        from partner_item
        join calendar_event using (calendar_event_id)
        where partner_id = $1 and held is not null
        order by starts, partner_item_id
        """,
        partner_id,
    )
    return [HeldBack(**row) for row in rows]


async def to_review(connection: Connection, partner_id: UUID, most: int) -> list[ToReview]:
    """Return events that an editor should look at, what waits longest first."""
    rows = await connection.fetch(
        """
        select partner_item_id, calendar_event_id, title, starts, all_day, to_review_since
        from partner_item
        join calendar_event using (calendar_event_id)
        where partner_id = $1 and to_review_since is not null
        order by to_review_since, partner_item_id
        limit $2
        """,
        partner_id,
        most,
    )
    return [ToReview(**row) for row in rows]


async def note_reviewed(
    transaction: Connection, partner_id: UUID, partner_item_ids: Sequence[UUID]
) -> int:
    """Note that an editor has looked at these items' events; return at how many."""
    changed: str = await transaction.execute(
        """
        update partner_item set to_review_since = null
        where partner_id = $1 and partner_item_id = any($2) and to_review_since is not null
        """,
        partner_id,
        partner_item_ids,
    )
    return int(changed.rsplit(maxsplit=1)[-1])

"""Reads and writes what happens to events whose partner, or whose place in the calendar, goes."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import msgspec

from services.events.model import PUBLIC
from shared.database import Connection


class Leaving(msgspec.Struct, frozen=True, kw_only=True):
    """What stands in the tables because of one partner."""

    upcoming: int
    """Public events that are not over."""
    past: int
    hidden: int
    """Held for review, refused, or approved for a later hour: nobody outside has seen them."""
    quarantined: int
    messages: int


class Withdrawn(msgspec.Struct, frozen=True):
    """An event that stands in the calendar no longer, in its last version."""

    calendar_event_id: UUID
    version: int
    was_public: bool


async def leaving(connection: Connection, partner_id: UUID, now: datetime) -> Leaving:
    """Return what goes with a partner, or stays without it."""
    row = await connection.fetchrow(
        """
        select
            count(*) filter (where state = any($3) and last_at >= $2) as upcoming,
            count(*) filter (where state = any($3) and last_at < $2) as past,
            count(*) filter (where state <> all($3)) as hidden,
            (
                select count(*) from partner_item
                where partner_id = $1 and partner_item.state = 'quarantined'
            ) as quarantined,
            (select count(*) from partner_message where partner_id = $1) as messages
        from calendar_event
        left join event_ical using (calendar_event_id)
        where origin = 'partner' and origin_id in (
            select partner_item_id from partner_item where partner_id = $1
        )
        """,
        partner_id,
        now,
        sorted(PUBLIC),
    )
    if row is None:
        raise LookupError("a count returns its row")
    return Leaving(**row)


async def hand_over(transaction: Connection, partner_id: UUID) -> int:
    """Make a partner's events the editors' own and return how many."""
    changed: str = await transaction.execute(
        """
        update calendar_event set origin = 'editor', origin_id = null
        where origin = 'partner' and origin_id in (
            select partner_item_id from partner_item where partner_id = $1
        )
        """,
        partner_id,
    )
    return int(changed.rsplit(maxsplit=1)[-1])


async def lock_events_of(transaction: Connection, partner_id: UUID) -> list[UUID]:
    """Return the ids of a partner's events and keep others from changing them."""
    rows = await transaction.fetch(
        """
        select calendar_event_id from calendar_event
        where origin = 'partner' and origin_id in (
            select partner_item_id from partner_item where partner_id = $1
        )
        order by calendar_event_id
        for update
        """,
        partner_id,
    )
    return [row["calendar_event_id"] for row in rows]


async def withdraw(transaction: Connection, calendar_event_ids: Sequence[UUID]) -> list[Withdrawn]:
    """Delete events with their dates and bytes; at commit their feeds get a new revision."""
    if not calendar_event_ids:
        return []
    rows = await transaction.fetch(
        """
        delete from calendar_event where calendar_event_id = any($1)
        returning calendar_event_id, version, state = any($2) as was_public
        """,
        calendar_event_ids,
        sorted(PUBLIC),
    )
    return [Withdrawn(*row) for row in rows]

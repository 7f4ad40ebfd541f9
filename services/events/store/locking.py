"""Locks events by what leads to them, and returns them as they then stand."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from services.events.model import CalendarEvent, Origin
from services.events.store.events import find_event, read_events
from shared.database import Connection


async def lock_event_of(
    transaction: Connection, origin: Origin, origin_id: UUID
) -> CalendarEvent | None:
    """Return the event that is kept for something else, and keep others from changing it."""
    calendar_event_id = await transaction.fetchval(
        """
        select calendar_event_id from calendar_event
        where origin = $1 and origin_id = $2
        for update
        """,
        origin,
        origin_id,
    )
    return await find_event(transaction, calendar_event_id) if calendar_event_id else None


async def lock_events_of_items(
    transaction: Connection, partner_id: UUID, partner_keys: Sequence[str]
) -> list[CalendarEvent]:
    """Return the events of a partner's items and keep others from changing them.

    The items are looked up first, as an array: a join would be planned while both tables are all
    but empty, and compare every event with every item ever after.
    """
    rows = await transaction.fetch(
        """
        select calendar_event_id
        from calendar_event
        where origin = 'partner' and origin_id = any(array(
            select partner_item_id from partner_item
            where partner_id = $1 and partner_key = any($2)
        ))
        order by calendar_event_id
        for update
        """,
        partner_id,
        partner_keys,
    )
    return await read_events(transaction, [row["calendar_event_id"] for row in rows])


async def series_to_list(
    transaction: Connection, listed_before: datetime, most: int
) -> list[CalendarEvent]:
    """Lock and return series whose dates are listed only up to `listed_before` (naive)."""
    rows = await transaction.fetch(
        """
        select calendar_event_id
        from calendar_event
        where listed_until < $1
        order by listed_until
        limit $2
        for update skip locked
        """,
        listed_before,
        most,
    )
    return await read_events(transaction, [row["calendar_event_id"] for row in rows])


async def lock_written_before(
    transaction: Connection, writer: int, most: int
) -> list[CalendarEvent]:
    """Lock and return up to `most` public events whose bytes an older writer has written."""
    rows = await transaction.fetch(
        """
        select calendar_event_id
        from event_ical
        join calendar_event using (calendar_event_id)
        where writer < $1
        order by calendar_event_id
        limit $2
        for update of calendar_event skip locked
        """,
        writer,
        most,
    )
    return await read_events(transaction, [row["calendar_event_id"] for row in rows])


async def lock_due(transaction: Connection, most: int) -> list[CalendarEvent]:
    """Lock and return up to `most` scheduled events whose hour has come."""
    rows = await transaction.fetch(
        """
        select calendar_event_id
        from calendar_event
        where state = 'scheduled' and public_from <= now()
        order by public_from
        limit $1
        for update skip locked
        """,
        most,
    )
    return await read_events(transaction, [row["calendar_event_id"] for row in rows])

"""Reads and writes calendar events and their categories."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import msgspec

from services.events.category import Category
from services.events.model import CalendarEvent
from shared.database import Connection


async def new_id(connection: Connection) -> UUID:
    """Return a fresh id that sorts after all older ones."""
    made: UUID = await connection.fetchval("select uuidv7()")
    return made


async def new_ids(connection: Connection, count: int) -> list[UUID]:
    """Return fresh ids that sort after all older ones."""
    rows = await connection.fetch("select uuidv7() as made from generate_series(1, $1)", count)
    return [row["made"] for row in rows]


async def find_event(connection: Connection, calendar_event_id: UUID) -> CalendarEvent | None:
    """Return the event in any state, None if there is none."""
    row = await connection.fetchrow(
        """
        select calendar_event_id, uid, version, sequence, state, title, description, place_name,
            place_address, latitude, longitude, organiser, website, categories, starts, ends,
            all_day, zone, recurrence, excluded, added, previous_starts_at, origin, origin_id,
            origin_version, created_at, changed_at
        from calendar_event
        where calendar_event_id = $1
        """,
        calendar_event_id,
    )
    return CalendarEvent(**row) if row else None


async def public_events(
    connection: Connection, calendar_event_ids: Sequence[UUID]
) -> list[CalendarEvent]:
    """Return those of the events that everybody may see."""
    rows = await connection.fetch(
        """
        select calendar_event_id, uid, version, sequence, state, title, description, place_name,
            place_address, latitude, longitude, organiser, website, categories, starts, ends,
            all_day, zone, recurrence, excluded, added, previous_starts_at, origin, origin_id,
            origin_version, created_at, changed_at
        from calendar_event
        where calendar_event_id = any($1) and state <> 'draft'
        """,
        calendar_event_ids,
    )
    return [CalendarEvent(**row) for row in rows]


async def lock_event(transaction: Connection, calendar_event_id: UUID) -> CalendarEvent | None:
    """Return the event and keep others from changing it until the transaction ends."""
    row = await transaction.fetchrow(
        """
        select calendar_event_id, uid, version, sequence, state, title, description, place_name,
            place_address, latitude, longitude, organiser, website, categories, starts, ends,
            all_day, zone, recurrence, excluded, added, previous_starts_at, origin, origin_id,
            origin_version, created_at, changed_at
        from calendar_event
        where calendar_event_id = $1
        for update
        """,
        calendar_event_id,
    )
    return CalendarEvent(**row) if row else None


async def lock_honouring_event(
    transaction: Connection, honouring_event_id: UUID
) -> CalendarEvent | None:
    """Return the event kept for a honouring event and keep others from changing it."""
    row = await transaction.fetchrow(
        """
        select calendar_event_id, uid, version, sequence, state, title, description, place_name,
            place_address, latitude, longitude, organiser, website, categories, starts, ends,
            all_day, zone, recurrence, excluded, added, previous_starts_at, origin, origin_id,
            origin_version, created_at, changed_at
        from calendar_event
        where origin = 'honouring' and origin_id = $1
        for update
        """,
        honouring_event_id,
    )
    return CalendarEvent(**row) if row else None


async def lock_events_of_items(
    transaction: Connection, partner_id: UUID, partner_keys: Sequence[str]
) -> list[CalendarEvent]:
    """Return the events of a partner's items and keep others from changing them."""
    rows = await transaction.fetch(
        """
        select calendar_event_id, uid, version, sequence, state, title, description, place_name,
            place_address, latitude, longitude, organiser, website, categories, starts, ends,
            all_day, zone, recurrence, excluded, added, previous_starts_at, origin, origin_id,
            origin_version, created_at, changed_at
        from calendar_event
        where origin = 'partner' and origin_id in (
            select partner_item_id from partner_item
            where partner_id = $1 and partner_key = any($2)
        )
        order by calendar_event_id
        for update
        """,
        partner_id,
        partner_keys,
    )
    return [CalendarEvent(**row) for row in rows]


async def series_to_list(
    transaction: Connection, listed_before: datetime, most: int
) -> list[CalendarEvent]:
    """Lock and return series whose dates are listed only up to `listed_before` (naive)."""
    rows = await transaction.fetch(
        """
        select calendar_event_id, uid, version, sequence, state, title, description, place_name,
            place_address, latitude, longitude, organiser, website, categories, starts, ends,
            all_day, zone, recurrence, excluded, added, previous_starts_at, origin, origin_id,
            origin_version, created_at, changed_at
        from calendar_event
        where listed_until < $1
        order by listed_until
        limit $2
        for update skip locked
        """,
        listed_before,
        most,
    )
    return [CalendarEvent(**row) for row in rows]


async def save_events(transaction: Connection, events: Sequence[CalendarEvent]) -> None:
    """Write events, new and changed ones, in one round trip."""
    await transaction.executemany(
        """
        insert into calendar_event (
            calendar_event_id, uid, version, sequence, state, title, description, place_name,
            place_address, latitude, longitude, organiser, website, categories, starts, ends,
            all_day, zone, recurrence, excluded, added, previous_starts_at, origin, origin_id,
            origin_version, created_at, changed_at)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18,
            $19, $20, $21, $22, $23, $24, $25, $26, $27)
        on conflict (calendar_event_id) do update set (
            version, sequence, state, title, description, place_name, place_address, latitude,
            longitude, organiser, website, categories, starts, ends, all_day, zone, recurrence,
            excluded, added, previous_starts_at, origin_version, changed_at
        ) = row (
            excluded.version, excluded.sequence, excluded.state, excluded.title,
            excluded.description, excluded.place_name, excluded.place_address, excluded.latitude,
            excluded.longitude, excluded.organiser, excluded.website, excluded.categories,
            excluded.starts, excluded.ends, excluded.all_day, excluded.zone, excluded.recurrence,
            excluded.excluded, excluded.added, excluded.previous_starts_at,
            excluded.origin_version, excluded.changed_at)
        """,
        [tuple(getattr(event, column) for column in COLUMNS) for event in events],
    )


async def categories(connection: Connection) -> list[Category]:
    """Return the controlled list of categories in its order."""
    rows = await connection.fetch(
        "select code, slug, title, colour from category order by position"
    )
    return [Category(*row) for row in rows]


COLUMNS = (
    *("calendar_event_id", "uid", "version", "sequence", "state", "title", "description"),
    *("place_name", "place_address", "latitude", "longitude", "organiser", "website"),
    *("categories", "starts", "ends", "all_day", "zone", "recurrence", "excluded", "added"),
    *("previous_starts_at", "origin", "origin_id", "origin_version", "created_at", "changed_at"),
)
"""In the order in which `save_events` takes them."""

if set(COLUMNS) != {field.name for field in msgspec.structs.fields(CalendarEvent)}:
    raise TypeError("save_events does not write every field of CalendarEvent")

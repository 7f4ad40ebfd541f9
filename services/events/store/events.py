"""Reads and writes calendar events and the controlled lists that they name."""

from collections.abc import Sequence
from uuid import UUID

import asyncpg
import msgspec

from services.events.category import Audience, Category, Terms
from services.events.content import ChangedDate
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


async def read_events(
    connection: Connection, calendar_event_ids: Sequence[UUID]
) -> list[CalendarEvent]:
    """Return events in any state, by id; one that there is not is left out."""
    if not calendar_event_ids:
        return []
    rows = await connection.fetch(
        """
        select
            title, description, place_name, place_address, latitude, longitude, place_id,
            organiser, organiser_id, website, categories, audiences, price, registration_url,
            easy_summary, provider, checked_on, event_image_id, starts, ends, all_day, zone,
            recurrence, excluded, added, changed, calendar_event_id, uid, version, sequence,
            state, previous_starts_at, origin, origin_id, origin_version, visibility, public_from,
            submitted_by, submitted_at, review_note, created_at, changed_at
        from calendar_event
        where calendar_event_id = any($1)
        order by calendar_event_id
        """,
        calendar_event_ids,
    )
    return [_event(row) for row in rows]


async def find_event(connection: Connection, calendar_event_id: UUID) -> CalendarEvent | None:
    """Return the event in any state, None if there is none."""
    return next(iter(await read_events(connection, [calendar_event_id])), None)


async def public_events(
    connection: Connection, calendar_event_ids: Sequence[UUID]
) -> list[CalendarEvent]:
    """Return those of the events that whoever knows their address may see."""
    found = await read_events(connection, calendar_event_ids)
    return [event for event in found if event.is_public and event.visibility != "committee"]


async def lock_events(
    transaction: Connection, calendar_event_ids: Sequence[UUID]
) -> list[CalendarEvent]:
    """Return events, by id, and keep others from changing them until the transaction ends."""
    await transaction.execute(
        """
        select from calendar_event
        where calendar_event_id = any($1)
        order by calendar_event_id
        for update
        """,
        calendar_event_ids,
    )
    return await read_events(transaction, calendar_event_ids)


async def lock_event(transaction: Connection, calendar_event_id: UUID) -> CalendarEvent | None:
    """Return the event and keep others from changing it until the transaction ends."""
    return next(iter(await lock_events(transaction, [calendar_event_id])), None)


async def save_events(transaction: Connection, events: Sequence[CalendarEvent]) -> None:
    """Write events, new and changed ones, with one statement; each stands among them once."""
    await transaction.execute(
        """
        insert into calendar_event (title, description, place_name, place_address, latitude,
            longitude, place_id, organiser, organiser_id, website, categories, audiences, price,
            registration_url, easy_summary, provider, checked_on, event_image_id, starts, ends,
            all_day, zone, recurrence, excluded, added, changed, calendar_event_id, uid, version,
            sequence, state, previous_starts_at, origin, origin_id, origin_version, visibility,
            public_from, submitted_by, submitted_at, review_note, created_at, changed_at)
        select title, description, place_name, place_address, latitude, longitude, place_id,
            organiser, organiser_id, website, categories, audiences, price, registration_url,
            easy_summary, provider, checked_on, event_image_id, starts, ends, all_day, zone,
            recurrence, excluded, added, changed, calendar_event_id, uid, version, sequence, state,
            previous_starts_at, origin, origin_id, origin_version, visibility, public_from,
            submitted_by, submitted_at, review_note, created_at, changed_at
        from jsonb_populate_recordset(null::calendar_event, $1)
        on conflict (calendar_event_id) do update set (title, description, place_name,
            place_address, latitude, longitude, place_id, organiser, organiser_id, website,
            categories, audiences, price, registration_url, easy_summary, provider, checked_on,
            event_image_id, starts, ends, all_day, zone, recurrence, excluded, added, changed,
            version, sequence, state, previous_starts_at, origin_version, visibility, public_from,
            submitted_by, submitted_at, review_note, changed_at) = row (excluded.title,
            excluded.description, excluded.place_name, excluded.place_address, excluded.latitude,
            excluded.longitude, excluded.place_id, excluded.organiser, excluded.organiser_id,
            excluded.website, excluded.categories, excluded.audiences, excluded.price,
            excluded.registration_url, excluded.easy_summary, excluded.provider,
            excluded.checked_on, excluded.event_image_id, excluded.starts, excluded.ends,
            excluded.all_day, excluded.zone, excluded.recurrence, excluded.excluded, excluded.added,
            excluded.changed, excluded.version, excluded.sequence, excluded.state,
            excluded.previous_starts_at, excluded.origin_version, excluded.visibility,
            excluded.public_from, excluded.submitted_by, excluded.submitted_at,
            excluded.review_note, excluded.changed_at)
        """,
        events,
    )


async def categories(connection: Connection) -> list[Category]:
    """Return the controlled list of categories in its order."""
    rows = await connection.fetch(
        "select code, slug, title, colour from category order by position"
    )
    return [Category(*row) for row in rows]


async def terms(connection: Connection) -> Terms:
    """Return both controlled lists, each in its order."""
    rows = await connection.fetch("select code, slug, title from audience order by position")
    return Terms(await categories(connection), [Audience(*row) for row in rows])


def _event(row: asyncpg.Record) -> CalendarEvent:
    changed = [msgspec.convert(change, ChangedDate) for change in row["changed"]]
    return CalendarEvent(**{**row, "changed": changed})

"""Writes what follows from events: their dates and the bytes that feeds are made of."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import msgspec

from services.events.content import EventContent
from shared.database import Connection


class Listing(msgspec.Struct, frozen=True, kw_only=True):
    """One date of an event."""

    calendar_event_id: UUID
    original: datetime
    """When the rule has it (naive)."""
    starts: datetime
    starts_at: datetime
    ends_at: datetime
    is_cancelled: bool


class Written(msgspec.Struct, frozen=True, kw_only=True):
    """An event as it stands in feeds."""

    calendar_event_id: UUID
    vevent: bytes
    """Its VEVENT, after it those of its changed dates."""
    zone: str
    """The TZID it is written with, empty for UTC."""
    first_at: datetime
    last_at: datetime
    rich: bytes
    """The same in the rich profile."""
    going: bytes | None
    """Without cancelled dates: None where that makes no difference, empty where nothing is left."""
    going_rich: bytes | None
    writer: int
    """The version of our writer."""


class Revision(msgspec.Struct, frozen=True, kw_only=True):
    """A state that an event was in, and how it came to it."""

    calendar_event_id: UUID
    version: int
    state: str
    content: EventContent
    deed: str
    made_by: str
    made_at: datetime


async def forget_dates(transaction: Connection, calendar_event_ids: Sequence[UUID]) -> None:
    """Delete the dates of these events."""
    await transaction.execute(
        "delete from occurrence where calendar_event_id = any($1)", calendar_event_ids
    )


async def save_dates(transaction: Connection, listings: Sequence[Listing]) -> None:
    """Write dates that are not there yet."""
    await transaction.execute(
        """
        insert into occurrence (
            calendar_event_id, original, starts, starts_at, ends_at, is_cancelled
        )
        select * from unnest(
            $1::uuid[], $2::timestamp[], $3::timestamp[], $4::timestamptz[], $5::timestamptz[],
            $6::boolean[]
        )
        """,
        [listing.calendar_event_id for listing in listings],
        [listing.original for listing in listings],
        [listing.starts for listing in listings],
        [listing.starts_at for listing in listings],
        [listing.ends_at for listing in listings],
        [listing.is_cancelled for listing in listings],
    )


async def note_listed(
    transaction: Connection, listed: Sequence[tuple[UUID, datetime | None]]
) -> None:
    """Note up to when the dates of events are listed; None where none is left to list."""
    await transaction.execute(
        """
        update calendar_event
        set listed_until = listed.until
        from unnest($1::uuid[], $2::timestamp[]) as listed (calendar_event_id, until)
        where calendar_event.calendar_event_id = listed.calendar_event_id
        and calendar_event.listed_until is distinct from listed.until
        """,
        [calendar_event_id for calendar_event_id, _ in listed],
        [until for _, until in listed],
    )


async def save_written(transaction: Connection, written: Sequence[Written]) -> None:
    """Write the bytes of events with what feeds are chosen by, which the events themselves say.

    At commit the feeds that they stand in get a new revision.
    """
    await transaction.execute(
        """
        insert into event_ical (calendar_event_id, vevent, zone, categories, audiences, place_id,
            organiser_id, visibility, first_at, last_at, rich, going, going_rich, writer, district,
            is_step_free, has_hearing_loop, has_wheelchair_places)
        select calendar_event_id, vevent, written.zone, categories, audiences, place_id,
            organiser_id, visibility, first_at, last_at, rich, going, going_rich, writer, district,
            coalesce(is_step_free, false), coalesce(has_hearing_loop, false),
            coalesce(wheelchair_places > 0, false)
        from unnest($1::uuid[], $2::bytea[], $3::text[], $4::timestamptz[], $5::timestamptz[],
            $6::bytea[], $7::bytea[], $8::bytea[], $9::integer[]) as written (calendar_event_id,
            vevent, zone, first_at, last_at, rich, going, going_rich, writer)
        join calendar_event using (calendar_event_id)
        left join place using (place_id)
        on conflict (calendar_event_id) do update set (vevent, zone, categories, audiences,
            place_id, organiser_id, visibility, first_at, last_at, rich, going, going_rich, writer,
            district, is_step_free, has_hearing_loop, has_wheelchair_places) = row (
            excluded.vevent, excluded.zone, excluded.categories, excluded.audiences,
            excluded.place_id, excluded.organiser_id, excluded.visibility,
            excluded.first_at, excluded.last_at, excluded.rich, excluded.going, excluded.going_rich,
            excluded.writer, excluded.district, excluded.is_step_free, excluded.has_hearing_loop,
            excluded.has_wheelchair_places)
        """,
        [each.calendar_event_id for each in written],
        [each.vevent for each in written],
        [each.zone for each in written],
        [each.first_at for each in written],
        [each.last_at for each in written],
        [each.rich for each in written],
        [each.going for each in written],
        [each.going_rich for each in written],
        [each.writer for each in written],
    )


async def save_revisions(transaction: Connection, revisions: Sequence[Revision]) -> None:
    """Add states to events' histories; one that stands there already is left as it was."""
    await transaction.execute(
        """
        insert into event_revision (
            calendar_event_id, version, state, content, deed, made_by, made_at
        )
        select calendar_event_id, version, state, content, deed, made_by, made_at
        from jsonb_populate_recordset(null::event_revision, $1)
        on conflict do nothing
        """,
        revisions,
    )

"""Writes what follows from events: their dates and the bytes that feeds are made of."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import msgspec

from shared.database import Connection


class Listing(msgspec.Struct, frozen=True):
    """One date of an event."""

    calendar_event_id: UUID
    starts: datetime
    starts_at: datetime
    ends_at: datetime


class Written(msgspec.Struct, frozen=True):
    """An event as it stands in feeds."""

    calendar_event_id: UUID
    vevent: bytes
    zone: str
    """The TZID it is written with, empty for UTC."""
    categories: list[str]
    first_at: datetime
    last_at: datetime


async def forget_dates(transaction: Connection, calendar_event_ids: Sequence[UUID]) -> None:
    """Delete the dates of these events."""
    await transaction.execute(
        "delete from occurrence where calendar_event_id = any($1)", calendar_event_ids
    )


async def save_dates(transaction: Connection, listings: Sequence[Listing]) -> None:
    """Write dates that are not there yet."""
    await transaction.execute(
        """
        insert into occurrence (calendar_event_id, starts, starts_at, ends_at)
        select * from unnest($1::uuid[], $2::timestamp[], $3::timestamptz[], $4::timestamptz[])
        """,
        [listing.calendar_event_id for listing in listings],
        [listing.starts for listing in listings],
        [listing.starts_at for listing in listings],
        [listing.ends_at for listing in listings],
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
    """Write the bytes of events; at commit the feeds that they stand in get a new revision."""
    await transaction.executemany(
        """
        insert into event_ical (calendar_event_id, vevent, zone, categories, first_at, last_at)
        values ($1, $2, $3, $4, $5, $6)
        on conflict (calendar_event_id) do update set
            vevent = excluded.vevent,
            zone = excluded.zone,
            categories = excluded.categories,
            first_at = excluded.first_at,
            last_at = excluded.last_at
        """,
        [msgspec.structs.astuple(each) for each in written],
    )

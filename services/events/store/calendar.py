"""Reads what the public pages and the console's list show."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import msgspec

from services.events.model import CalendarEvent, Origin, State
from services.events.recurrence import DateOf
from services.events.selection import EVERYTHING, Selection, pattern
from shared.database import Connection


class Dated(msgspec.Struct, frozen=True, kw_only=True):
    """One date of a public event, as lists show it."""

    calendar_event_id: UUID
    title: str
    state: State
    place_name: str
    organiser: str
    categories: list[str]
    starts: datetime
    """Wall clock in `zone`."""
    starts_at: datetime
    ends_at: datetime
    all_day: bool
    zone: str
    is_series: bool
    previous_starts_at: datetime | None
    is_step_free: bool = False
    """Whether its place is known to be without steps."""


class Asked(msgspec.Struct, frozen=True, kw_only=True):
    """What somebody looks for in the calendar."""

    since: datetime
    until: datetime | None = None
    selection: Selection = EVERYTHING


class Listed(msgspec.Struct, frozen=True, kw_only=True):
    """An event as the console lists it."""

    calendar_event_id: UUID
    title: str
    state: State
    starts: datetime
    all_day: bool
    place_name: str
    origin: Origin
    is_series: bool
    changed_at: datetime


async def dates(connection: Connection, asked: Asked, offset: int, most: int) -> list[Dated]:
    """Return dates that are not over at `since` and begin before `until`, the earliest first.

    No date lasts longer than a year, so none is looked at that began before. `like all` alone is no
    question for an index, two single patterns are.
    """
    # Prepared for these very words: rare ones are found by their index, frequent ones by time, and
    # a plan that has to fit all words would take seconds for some.
    prepared = await connection.prepare(
        """
        select calendar_event_id, title,
            case when is_cancelled then 'cancelled' else state end as state, place_name,
            organiser, calendar_event.categories, occurrence.starts, starts_at, ends_at, all_day,
            calendar_event.zone, recurrence <> '' as is_series, previous_starts_at, is_step_free
        from occurrence
        join calendar_event using (calendar_event_id)
        join event_ical using (calendar_event_id)
        where ends_at >= $1 and ($2::timestamptz is null or starts_at < $2)
        and starts_at >= $1::timestamptz - interval '367 days'
        and event_ical.visibility = 'public' and is_chosen(event_ical, $3)
        and searched like coalesce(($4::text[])[1], '%')
        and searched like coalesce(($4::text[])[2], '%')
        and searched like all($4)
        and not ($5 and (is_cancelled or state = 'cancelled'))
        order by starts_at, calendar_event_id
        offset $6
        limit $7
        """
    )
    rows = await prepared.fetch(
        asked.since,
        asked.until,
        asked.selection.row,
        asked.selection.patterns,
        asked.selection.hides_cancelled,
        offset,
        most,
    )
    return [Dated(**row) for row in rows]


async def dates_of(
    connection: Connection, calendar_event_id: UUID, since: datetime, most: int
) -> list[DateOf]:
    """Return the dates of one public event that are not over at `since`, the earliest first."""
    rows = await connection.fetch(
        """
        select original, occurrence.starts, ends_at at time zone zone as ends, is_cancelled
        from occurrence
        join calendar_event using (calendar_event_id)
        where calendar_event_id = $1 and ends_at >= $2
        order by starts_at
        limit $3
        """,
        calendar_event_id,
        since,
        most,
    )
    return [DateOf(*row) for row in rows]


async def find_written(connection: Connection, calendar_event_id: UUID) -> tuple[bytes, str] | None:
    """Return the bytes of a public event and the zone they name, None if there is none."""
    row = await connection.fetchrow(
        """
        select vevent, zone from event_ical
        where calendar_event_id = $1 and visibility <> 'committee'
        """,
        calendar_event_id,
    )
    return (row["vevent"], row["zone"]) if row else None


async def addresses(connection: Connection, most: int) -> list[tuple[UUID, str, datetime]]:
    """Return id, title and last change of public events for the sitemap, the last to end first."""
    rows = await connection.fetch(
        """
        select calendar_event_id, title, changed_at
        from event_ical
        join calendar_event using (calendar_event_id)
        where event_ical.visibility = 'public'
        order by last_at desc, calendar_event_id
        limit $1
        """,
        most,
    )
    return [(row["calendar_event_id"], row["title"], row["changed_at"]) for row in rows]


async def latest(
    connection: Connection, since: datetime, selection: Selection, most: int
) -> list[UUID]:
    """Return the events of a selection that are not over at `since`, those changed last first."""
    rows = await connection.fetch(
        """
        select calendar_event_id
        from event_ical
        join calendar_event using (calendar_event_id)
        where last_at >= $1 and event_ical.visibility = 'public' and is_chosen(event_ical, $2)
        and searched like all($3::text[])
        and not ($4 and state = 'cancelled')
        order by changed_at desc, calendar_event_id
        limit $5
        """,
        since,
        selection.row,
        selection.patterns,
        selection.hides_cancelled,
        most,
    )
    return [row["calendar_event_id"] for row in rows]


async def console_list(
    connection: Connection, state: State | None, words: Sequence[str], offset: int, most: int
) -> list[Listed]:
    """Return events for the console: what was changed last comes first.

    Prepared for these very words, and with two single patterns, for the reasons that `dates` has.
    """
    prepared = await connection.prepare(
        """
        select calendar_event_id, title, state, starts, all_day, place_name, origin,
            recurrence <> '' as is_series, changed_at
        from calendar_event
        where ($1::text is null or state = $1)
        and searched like coalesce(($2::text[])[1], '%')
        and searched like coalesce(($2::text[])[2], '%')
        and searched like all(($2::text[])[3:])
        order by changed_at desc, calendar_event_id
        offset $3
        limit $4
        """
    )
    rows = await prepared.fetch(state, [pattern(word) for word in words], offset, most)
    return [Listed(**row) for row in rows]


async def console_count(
    connection: Connection, state: State | None, words: Sequence[str], most: int
) -> int:
    """Return how many events `console_list` finds in all, `most` if there are as many or more."""
    prepared = await connection.prepare(
        """
        select count(*) from (
            select from calendar_event
            where ($1::text is null or state = $1)
            and searched like coalesce(($2::text[])[1], '%')
            and searched like coalesce(($2::text[])[2], '%')
            and searched like all(($2::text[])[3:])
            limit $3
        ) as found
        """
    )
    found: int = await prepared.fetchval(state, [pattern(word) for word in words], most)
    return found


async def same_day(connection: Connection, event: CalendarEvent) -> list[Listed]:
    """Return other events that start on the same day at a place of the same name."""
    rows = await connection.fetch(
        """
        select calendar_event_id, title, state, starts, all_day, place_name, origin,
            recurrence <> '' as is_series, changed_at
        from calendar_event
        where starts >= date_trunc('day', $1::timestamp)
        and starts < date_trunc('day', $1::timestamp) + interval '1 day'
        and lower(place_name) = lower($2) and place_name <> '' and calendar_event_id <> $3
        order by starts
        limit 5
        """,
        event.starts,
        event.place_name,
        event.calendar_event_id,
    )
    return [Listed(**row) for row in rows]

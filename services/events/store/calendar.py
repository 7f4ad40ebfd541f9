"""Reads what the public pages show."""

from datetime import datetime
from uuid import UUID

import msgspec

from services.events.model import State
from services.events.need import needs_of
from services.events.recurrence import DateOf
from services.events.selection import EVERYTHING, Selection
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
    """Whether its place is known to be without steps, and so on for the other needs."""
    has_hearing_loop: bool = False
    has_wheelchair_places: bool = False

    @property
    def access(self) -> list[str]:
        """Return in brief, in German, which needs its place is known to meet."""
        return [need.brief for need in needs_of(self)]


class Asked(msgspec.Struct, frozen=True, kw_only=True):
    """What somebody looks for in the calendar."""

    since: datetime
    until: datetime | None = None
    selection: Selection = EVERYTHING

    @property
    def row(self) -> tuple[object, ...]:
        """Return it as `dates` asks for it."""
        chosen = self.selection
        return (self.since, self.until, chosen.row, chosen.patterns, chosen.hides_cancelled)


async def dates(connection: Connection, asked: Asked, offset: int, most: int) -> list[Dated]:
    """Return dates that are not over at `since` and begin before `until`, the earliest first.

    Most last a day at most, so what may go on is sought among the last day's; the few that last
    longer, a year at most, have an index. `like all` alone is no question for an index.
    """
    # Prepared for these very words: rare ones are found by their index, frequent ones by time, and
    # a plan that has to fit all words would take seconds for some.
    prepared = await connection.prepare(
        """
        with found as not materialized (
            select * from public_date
            where ends_at >= $1 and ($2::timestamptz is null or starts_at < $2)
            and is_selected(event_ical, $3)
            and (($4::text[])[1] is null or searched like ($4::text[])[1])
            and (($4::text[])[2] is null or searched like ($4::text[])[2])
            and (($4::text[])[3] is null or searched like all(($4::text[])[3:]))
            and not ($5 and state = 'cancelled')
        ), listed as (
            (
                select * from found where not lasts and starts_at >= $1 - interval '1 day'
                order by starts_at, calendar_event_id limit $6::bigint + $7::bigint
            )
            union all
            (
                select * from found where lasts and starts_at >= $1 - interval '367 days'
                order by starts_at, calendar_event_id limit $6::bigint + $7::bigint
            )
        )
        select calendar_event_id, title, state, place_name, organiser, categories, starts,
            starts_at, ends_at, all_day, zone, is_series, previous_starts_at, is_step_free,
            has_hearing_loop, has_wheelchair_places
        from listed
        order by starts_at, calendar_event_id offset $6::bigint limit $7::bigint
        """
    )
    rows = await prepared.fetch(*asked.row, offset, most)
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
        where last_at >= $1 and event_ical.visibility = 'public' and is_selected(event_ical, $2)
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

"""Reads the lists of events that the console shows."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import msgspec

from services.events.model import CalendarEvent, Origin, State
from services.events.selection import pattern
from shared.database import Connection


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


async def listed(
    connection: Connection, state: State | None, words: Sequence[str], offset: int, most: int
) -> list[Listed]:
    """Return events for the console: what was changed last comes first.

    Prepared for these very words, with two single patterns, for the reasons of `calendar.dates`.
    """
    prepared = await connection.prepare(
        """
        select calendar_event_id, title, state, starts, all_day, place_name, origin,
            recurrence <> '' as is_series, changed_at
        from calendar_event
        where ($1::text is null or state = $1)
        and (($2::text[])[1] is null or searched like ($2::text[])[1])
        and (($2::text[])[2] is null or searched like ($2::text[])[2])
        and (($2::text[])[3] is null or searched like all(($2::text[])[3:]))
        order by changed_at desc, calendar_event_id
        offset $3
        limit $4
        """
    )
    rows = await prepared.fetch(state, [pattern(word) for word in words], offset, most)
    return [Listed(**row) for row in rows]


async def count(
    connection: Connection, state: State | None, words: Sequence[str], most: int
) -> int:
    """Return how many events `listed` finds in all, `most` if there are as many or more."""
    prepared = await connection.prepare(
        """
        select count(*) from (
            select from calendar_event
            where ($1::text is null or state = $1)
            and (($2::text[])[1] is null or searched like ($2::text[])[1])
            and (($2::text[])[2] is null or searched like ($2::text[])[2])
            and (($2::text[])[3] is null or searched like all(($2::text[])[3:]))
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

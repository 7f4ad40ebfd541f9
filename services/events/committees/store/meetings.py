"""Reads and writes when committees meet, and what of it stands in their feeds."""

from datetime import datetime
from uuid import UUID

import msgspec

from services.events.store.calendar import Dated
from shared.database import Connection

PAST_DAYS = 400
"""How long meetings stay in a member's feed."""
MOST_EVENTS = 1_000


class Written(msgspec.Struct, frozen=True):
    """A committee's meetings as they stand in its feed."""

    vevents: list[bytes]
    zones: set[str]
    """The TZIDs that they are written with, empty for UTC."""


async def add_event(transaction: Connection, calendar_event_id: UUID, committee_id: UUID) -> None:
    """Note whose meeting an event is."""
    await transaction.execute(
        "insert into committee_event (calendar_event_id, committee_id) values ($1, $2)",
        calendar_event_id,
        committee_id,
    )


async def meetings(
    connection: Connection, committee_id: UUID, since: datetime, most: int
) -> list[Dated]:
    """Return a committee's dates that are not over at `since`, the earliest first."""
    rows = await connection.fetch(
        """
        select calendar_event_id, title,
            case when is_cancelled then 'cancelled' else state end as state, place_name,
            organiser, categories, occurrence.starts, starts_at, ends_at, all_day, zone,
            recurrence <> '' as is_series, previous_starts_at
        from committee_event
        join occurrence using (calendar_event_id)
        join calendar_event using (calendar_event_id)
        where committee_id = $1 and ends_at >= $2
        order by starts_at, calendar_event_id
        limit $3
        """,
        committee_id,
        since,
        most,
    )
    return [Dated(**row) for row in rows]


async def written(connection: Connection, committee_id: UUID) -> Written:
    """Return the bytes of a committee's meetings in the window, by time."""
    rows = await connection.fetch(
        """
        select vevent, zone
        from committee
        join committee_event using (committee_id)
        join event_ical using (calendar_event_id)
        where committee_id = $1 and last_at >= feed_window_on - make_interval(days => $2)
        order by first_at, calendar_event_id
        limit $3
        """,
        committee_id,
        PAST_DAYS,
        MOST_EVENTS,
    )
    return Written([row["vevent"] for row in rows], {row["zone"] for row in rows})


async def move_windows(transaction: Connection) -> int:
    """Let committees' windows count from today; a feed that loses meetings gets a new revision.

    Returns:
        How many windows were moved.
    """
    await transaction.execute(
        """
        select bump_committee_feed(committee_id)
        from (
            select distinct committee_id
            from committee
            join committee_event using (committee_id)
            join event_ical using (calendar_event_id)
            where last_at >= feed_window_on - make_interval(days => $1)
            and last_at < current_date - make_interval(days => $1)
        ) as losing
        """,
        PAST_DAYS,
    )
    moved: str = await transaction.execute(
        "update committee set feed_window_on = current_date where feed_window_on < current_date"
    )
    return int(moved.rsplit(maxsplit=1)[-1])

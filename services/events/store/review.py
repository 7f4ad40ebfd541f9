"""Reads what waits for the editors."""

from datetime import datetime
from uuid import UUID

import msgspec

from services.events.model import Origin
from shared.database import Connection


class Submitted(msgspec.Struct, frozen=True, kw_only=True):
    """An event that waits for its review."""

    calendar_event_id: UUID
    version: int
    title: str
    starts: datetime
    all_day: bool
    is_series: bool
    place_name: str
    origin: Origin
    submitted_by: str
    submitted_at: datetime


class Scheduled(msgspec.Struct, frozen=True, kw_only=True):
    """An approved event that nobody outside sees before its hour."""

    calendar_event_id: UUID
    version: int
    title: str
    submitted_by: str
    public_from: datetime


async def submitted(
    connection: Connection, submitted_by: str | None, offset: int, most: int
) -> list[Submitted]:
    """Return events that wait for their review, those that wait longest first.

    Args:
        connection: what is read through.
        submitted_by: whose events, as they are called; None: everybody's.
        offset: how many are left out at the beginning.
        most: how many at most.
    """
    rows = await connection.fetch(
        """
        select calendar_event_id, version, title, starts, all_day, recurrence <> '' as is_series,
            place_name, origin, submitted_by,
            coalesce(submitted_at, created_at) as submitted_at
        from calendar_event
        where state = 'submitted' and ($1::text is null or submitted_by = $1)
        order by coalesce(submitted_at, created_at), calendar_event_id
        offset $2
        limit $3
        """,
        submitted_by,
        offset,
        most,
    )
    return [Submitted(**row) for row in rows]


async def scheduled(connection: Connection, most: int) -> list[Scheduled]:
    """Return up to `most` events that are approved and wait for their hour, the next ones first."""
    rows = await connection.fetch(
        """
        select calendar_event_id, version, title, submitted_by, public_from
        from calendar_event
        where state = 'scheduled'
        order by public_from, calendar_event_id
        limit $1
        """,
        most,
    )
    return [Scheduled(**row) for row in rows]


async def submitters(connection: Connection) -> dict[str, int]:
    """Return who waits for a review, by name, and with how many events, those with most first.

    The name of the editors themselves is empty.
    """
    rows = await connection.fetch(
        """
        select submitted_by, count(*) as events
        from calendar_event
        where state = 'submitted'
        group by submitted_by
        order by events desc, submitted_by
        """
    )
    return {row["submitted_by"]: row["events"] for row in rows}

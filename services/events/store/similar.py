"""Finds events that may be the one that an editor is writing."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import msgspec

from services.events.model import Origin, State
from shared.database import Connection


class Sought(msgspec.Struct, frozen=True, kw_only=True):
    """What is known of the event that is being written."""

    title: str
    starts: datetime
    """Naive; its day counts."""
    place_id: UUID | None = None
    place_name: str = ""
    but: UUID | None = None
    """The event itself, if it is there already."""


class Similar(msgspec.Struct, frozen=True):
    """An event that may be the same."""

    calendar_event_id: UUID
    title: str
    state: State
    starts: datetime
    all_day: bool
    place_name: str
    origin: Origin


async def similar(connection: Connection, sought: Sought, most: int) -> Sequence[Similar]:
    """Return events on the same day at the same place, and those in the same month named alike.

    Alike are titles of which pg_trgm says at least 0.45. The most likely come first.
    """
    rows = await connection.fetch(
        """
        select calendar_event_id, title, state, starts, all_day, place_name, origin
        from (
            select calendar_event.*,
                starts::date = $2::timestamp::date as is_same_day,
                coalesce(place_id = $3, false)
                or ($4 <> '' and lower(place_name) = lower($4)) as is_same_place,
                similarity(lower(title), lower($1)) as alike
            from calendar_event
            where starts >= $2::timestamp - interval '31 days'
            and starts <= $2::timestamp + interval '31 days'
        ) as near
        where state <> 'refused'
        and calendar_event_id is distinct from $5
        and (is_same_day and is_same_place or alike >= 0.45)
        order by is_same_day desc, alike desc, calendar_event_id
        limit $6
        """,
        sought.title,
        sought.starts,
        sought.place_id,
        sought.place_name,
        sought.but,
        most,
    )
    return [Similar(*row) for row in rows]

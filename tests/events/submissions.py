"""Puts submitted events into a database, committed, as an association's page would."""

from datetime import UTC, datetime, timedelta
from typing import Any

from services.events.keeping import Deed, keep_events
from services.events.model import CalendarEvent
from services.events.store.events import find_event, new_id
from shared.database import Pool, transaction
from tests.events.builders import event
from tests.events.calendars import SITE, in_days

CLUB = "Chor am Deich e. V."


async def submitted(
    pool: Pool, *, waits: timedelta = timedelta(0), **changes: Any
) -> CalendarEvent:
    """Keep an event in ten days that has waited for its review for so long."""
    now = datetime.now(UTC)
    starts = changes.pop("starts", in_days(10))
    given: dict[str, Any] = {
        "state": "submitted",
        "submitted_by": CLUB,
        "submitted_at": now - waits,
        "starts": starts,
        "ends": starts + timedelta(hours=2),
        **changes,
    }
    async with transaction(pool) as opened:
        calendar_event_id = await new_id(opened)
        made = event(**given, calendar_event_id=calendar_event_id, uid=SITE.uid(calendar_event_id))
        await keep_events(opened, [made], SITE, now, Deed("submit_event", CLUB))
    return made


async def as_it_stands(pool: Pool, known: CalendarEvent) -> CalendarEvent:
    """Return an event as it is now."""
    async with pool.acquire() as connection:
        found = await find_event(connection, known.calendar_event_id)
    if found is None:
        raise LookupError(known.title)
    return found

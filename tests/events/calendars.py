"""Puts events into a database, committed, as editors would."""

from datetime import UTC, datetime, timedelta
from typing import Any

from services.events.commands.cancel_event import CancelEvent, cancel_event
from services.events.commands.draft_event import DraftEvent, draft_event
from services.events.commands.publish_event import PublishEvent, publish_event
from services.events.content import DEFAULT_ZONE
from services.events.feeds import store
from services.events.model import CalendarEvent
from services.events.site import Site
from shared.database import Connection, Pool, transaction
from shared.ical.timezone import wall_clock
from tests.events.builders import EDITOR, content

SITE = Site("https://ehrenamt.example.de")


def in_days(days: int, hour: int = 19) -> datetime:
    """Return a wall-clock time some days from now, in the city's zone."""
    now = wall_clock(datetime.now(UTC), DEFAULT_ZONE)
    return (now + timedelta(days=days)).replace(hour=hour, minute=0, second=0, microsecond=0)


async def fed(connection: Connection, slug: str = "alle") -> list[bytes]:
    """Return the bytes of the events that stand in a standing feed."""
    selection = (await store.slugs(connection)).selection(slug)
    assert selection is not None
    found = await store.events_of(connection, selection, await store.window(connection))
    return [event.vevent for event in found]


async def revision_of(pool: Pool, slug: str = "alle") -> int:
    """Return the present revision of a standing feed."""
    found: int = await pool.fetchval("select revision from feed where slug = $1", slug)
    return found


async def draft(pool: Pool, **changes: Any) -> CalendarEvent:
    """Keep a draft, in ten days unless said otherwise."""
    starts = changes.pop("starts", in_days(10))
    given = {"starts": starts, "ends": starts + timedelta(hours=2), **changes}
    async with transaction(pool) as opened:
        return await draft_event(
            opened, DraftEvent(content(**given), EDITOR), SITE, datetime.now(UTC)
        )


async def publish(pool: Pool, **changes: Any) -> CalendarEvent:
    """Keep and publish an event."""
    event = await draft(pool, **changes)
    command = PublishEvent(event.calendar_event_id, event.version, EDITOR)
    async with transaction(pool) as opened:
        return await publish_event(opened, command, SITE, datetime.now(UTC))


async def cancel(pool: Pool, event: CalendarEvent) -> CalendarEvent:
    """Cancel an event."""
    command = CancelEvent(event.calendar_event_id, event.version, EDITOR)
    async with transaction(pool) as opened:
        return await cancel_event(opened, command, SITE, datetime.now(UTC))

"""Answers other services' questions about calendar events."""

from collections.abc import Sequence
from typing import Literal, cast
from uuid import UUID

from services.events.model import CalendarEvent
from services.events.store import events
from shared.asks import Answering
from shared.contracts.events import CalendarEventDetails, CalendarEvents
from shared.database import Pool


def answers(pool: Pool) -> list[Answering]:
    """Return what events can be asked: public events by id; drafts are nobody's business."""

    async def read(ids: Sequence[UUID]) -> list[CalendarEventDetails]:
        async with pool.acquire() as connection:
            found = await events.public_events(connection, ids)
        return [details_of(event) for event in found]

    return [Answering(CalendarEvents, read)]


def details_of(event: CalendarEvent) -> CalendarEventDetails:
    """Return a public event as others see it."""
    if not event.is_public:
        raise ValueError("it is not public")
    return CalendarEventDetails(
        calendar_event_id=event.calendar_event_id,
        version=event.version,
        title=event.title,
        state=cast('Literal["published", "cancelled", "postponed"]', event.state),
        starts_at=event.starts_at,
        ends_at=None if event.ends is None else event.ends_at,
        zone=event.zone,
        place=", ".join(part for part in (event.place_name, event.place_address) if part),
    )

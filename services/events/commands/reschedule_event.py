"""An editor moves an event, or a whole series, to other times (Verlegung)."""

from datetime import datetime
from uuid import UUID

import msgspec

from services.events.content import EventTimes, checked
from services.events.keeping import Deed, keep_events
from services.events.model import (
    CalendarEvent,
    content_of,
    require_editable,
    with_content,
    with_state,
)
from services.events.moving import moved
from services.events.overriding import keep_override
from services.events.site import Site
from services.events.store.seen import lock_seen
from shared import outbox
from shared.contracts.events import EventRescheduled
from shared.database import Connection


class RescheduleEvent(msgspec.Struct, frozen=True):
    """The new times of an event, as its editor has seen it."""

    calendar_event_id: UUID
    expected_version: int
    times: EventTimes
    by: str


async def reschedule_event(
    transaction: Connection, command: RescheduleEvent, site: Site, now: datetime
) -> CalendarEvent:
    """Move an event and return it; the previous start is kept, the same times change nothing.

    A postponed event has a date again and counts as published. Single dates that were changed stay
    so where the series still has them.

    Raises:
        EventUnknown: there is no such event.
        StaleVersion: it has changed since its editor has read it.
        KeptElsewhere: it belongs to a honouring event.
        KeptWithCourse: it belongs to a run of a course.
        AlreadyCancelled: it will not take place.
        Malformed: names the first field that makes no sense.
    """
    before = await lock_seen(transaction, command)
    event = _moved(before, command.times, now)
    if event.version == before.version:
        return before
    await keep_events(transaction, [event], site, now, Deed("reschedule_event", command.by))
    await keep_override(transaction, event)
    if event.is_public:
        await outbox.record(
            transaction,
            EventRescheduled(
                calendar_event_id=event.calendar_event_id,
                version=event.version,
                previous_starts_at=before.starts_at,
            ),
        )
    return event


def _moved(before: CalendarEvent, times: EventTimes, now: datetime) -> CalendarEvent:
    require_editable(before)
    event = with_content(before, checked(moved(content_of(before), times)), now)
    return with_state(event, "published", now) if event.state == "postponed" else event

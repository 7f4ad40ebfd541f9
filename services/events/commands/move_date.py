"""An editor moves one date of a series; the others stay where they are."""

from datetime import datetime
from uuid import UUID

import msgspec

from services.events.content import checked
from services.events.keeping import Deed, keep_events
from services.events.model import (
    CalendarEvent,
    content_of,
    require_editable,
    with_content,
)
from services.events.overriding import keep_override
from services.events.single_dates import change_of, with_moved
from services.events.site import Site
from services.events.store.seen import lock_seen
from shared import outbox
from shared.contracts.events import EventRescheduled
from shared.database import Connection
from shared.ical.timezone import instant


class MoveDate(msgspec.Struct, frozen=True):
    """Which date of which event, as its editor has seen it."""

    calendar_event_id: UUID
    expected_version: int
    original: datetime
    """Naive: when the rule has the date."""
    starts: datetime
    """Naive: when it is instead."""
    ends: datetime | None
    by: str


async def move_date(
    transaction: Connection, command: MoveDate, site: Site, now: datetime
) -> CalendarEvent:
    """Move one date of a series and return the event; to where it is changes nothing.

    Raises:
        EventUnknown: there is no such event.
        StaleVersion: it has changed since its editor has read it.
        KeptElsewhere: it belongs to a honouring event.
        KeptWithCourse: it belongs to a run of a course.
        AlreadyCancelled: the whole series will not take place.
        NoSuchDate: the series has no date then.
        Malformed: names the first field that makes no sense.
    """
    before = await lock_seen(transaction, command)
    require_editable(before)
    said = content_of(before)
    change = change_of(said, command.original)
    wanted = with_moved(said, command.original, command.starts, command.ends)
    event = with_content(before, checked(wanted), now)
    if event.version == before.version:
        return before
    await keep_events(transaction, [event], site, now, Deed("move_date", command.by))
    await keep_override(transaction, event)
    if event.is_public:
        was = change.starts if change else command.original
        await outbox.record(
            transaction,
            EventRescheduled(
                calendar_event_id=event.calendar_event_id,
                version=event.version,
                previous_starts_at=instant(was, event.zone),
            ),
        )
    return event

"""An editor takes back that one date of a series was moved or called off."""

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
from services.events.single_dates import with_restored
from services.events.site import Site
from services.events.store.seen import lock_seen
from shared import outbox
from shared.contracts.events import EventChanged
from shared.database import Connection


class RestoreDate(msgspec.Struct, frozen=True):
    """Which date of which event, as its editor has seen it."""

    calendar_event_id: UUID
    expected_version: int
    original: datetime
    """Naive: when the rule has the date."""
    by: str


async def restore_date(
    transaction: Connection, command: RestoreDate, site: Site, now: datetime
) -> CalendarEvent:
    """Let one date of a series take place as its rule says and return the event.

    Raises:
        EventUnknown: there is no such event.
        StaleVersion: it has changed since its editor has read it.
        KeptElsewhere: it belongs to a honouring event.
        KeptWithCourse: it belongs to a run of a course.
        AlreadyCancelled: the whole series will not take place.
        NoSuchDate: the series has no date then.
        DateUnchanged: it is so already.
    """
    before = await lock_seen(transaction, command)
    require_editable(before)
    event = with_content(before, checked(with_restored(content_of(before), command.original)), now)
    await keep_events(transaction, [event], site, now, Deed("restore_date", command.by))
    await keep_override(transaction, event)
    if event.is_public:
        await outbox.record(
            transaction,
            EventChanged(calendar_event_id=event.calendar_event_id, version=event.version),
        )
    return event

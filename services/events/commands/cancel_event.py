"""An editor calls an event off (Absage); it stays visible so that everybody learns of it."""

from datetime import datetime
from uuid import UUID

import msgspec

from services.events.keeping import Deed, keep_events
from services.events.model import (
    CalendarEvent,
    require_editable,
    with_state,
)
from services.events.overriding import keep_override
from services.events.site import Site
from services.events.store.seen import lock_seen
from shared import outbox
from shared.contracts.events import EventCancelled
from shared.database import Connection
from shared.errors import Refused


class NotPublished(Refused):
    """A draft that nobody has seen need not be called off."""

    def __init__(self) -> None:
        super().__init__("Ein Entwurf steht nicht im Kalender und muss nicht abgesagt werden.")


class CancelEvent(msgspec.Struct, frozen=True):
    """Which event, as its editor has seen it."""

    calendar_event_id: UUID
    expected_version: int
    by: str


async def cancel_event(
    transaction: Connection, command: CancelEvent, site: Site, now: datetime
) -> CalendarEvent:
    """Cancel an event and return it as it now stands.

    Raises:
        EventUnknown: there is no such event.
        StaleVersion: it has changed since its editor has read it.
        KeptElsewhere: it belongs to a honouring event.
        KeptWithCourse: it belongs to a run of a course.
        AlreadyCancelled: it was cancelled before.
        NotPublished: it is a draft.
    """
    before = await lock_seen(transaction, command)
    require_editable(before)
    if not before.is_public:
        raise NotPublished
    event = with_state(before, "cancelled", now)
    await keep_events(transaction, [event], site, now, Deed("cancel_event", command.by))
    await keep_override(transaction, event)
    await outbox.record(
        transaction,
        EventCancelled(calendar_event_id=event.calendar_event_id, version=event.version),
    )
    return event

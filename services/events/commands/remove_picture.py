"""An editor takes the picture of an event away."""

from datetime import datetime
from uuid import UUID

import msgspec

from services.events.images.picture import PictureUnknown
from services.events.keeping import Deed, keep_events
from services.events.model import (
    CalendarEvent,
    content_of,
    require_editable,
    with_content,
)
from services.events.overriding import keep_override
from services.events.site import Site
from services.events.store.seen import lock_seen
from shared import outbox
from shared.contracts.events import EventChanged
from shared.database import Connection


class RemovePicture(msgspec.Struct, frozen=True):
    """Which event, as its editor has seen it."""

    calendar_event_id: UUID
    expected_version: int
    by: str


async def remove_picture(
    transaction: Connection, command: RemovePicture, site: Site, now: datetime
) -> CalendarEvent:
    """Show an event without its picture, which stays in the event's history.

    Raises:
        EventUnknown: there is no such event.
        StaleVersion: it has changed since its editor has read it.
        KeptElsewhere: it belongs to a honouring event.
        KeptWithCourse: it belongs to a run of a course.
        AlreadyCancelled: it will not take place.
        PictureUnknown: it has none.
    """
    before = await lock_seen(transaction, command)
    require_editable(before)
    if before.event_image_id is None:
        raise PictureUnknown
    content = msgspec.structs.replace(content_of(before), event_image_id=None)
    event = with_content(before, content, now)
    await keep_events(transaction, [event], site, now, Deed("remove_picture", command.by))
    await keep_override(transaction, event)
    if event.is_public:
        await outbox.record(
            transaction,
            EventChanged(calendar_event_id=event.calendar_event_id, version=event.version),
        )
    return event

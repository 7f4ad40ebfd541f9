"""An editor gives an event a picture, or another one."""

from datetime import datetime
from uuid import UUID

import msgspec

from services.events.images.picture import Drawn, PictureWords, checked_words
from services.events.keeping import Deed, keep_events
from services.events.model import (
    CalendarEvent,
    content_of,
    require_editable,
    with_content,
)
from services.events.overriding import keep_override
from services.events.site import Site
from services.events.store import pictures
from services.events.store.seen import lock_seen
from shared import outbox
from shared.contracts.events import EventChanged
from shared.database import Connection


class AddPicture(msgspec.Struct, frozen=True):
    """A picture as it was made anew, and what is said beside it."""

    calendar_event_id: UUID
    expected_version: int
    drawn: Drawn
    words: PictureWords
    by: str


async def add_picture(
    transaction: Connection, command: AddPicture, site: Site, now: datetime
) -> CalendarEvent:
    """Keep a picture and show it with the event; an older one stays in the event's history.

    Raises:
        EventUnknown: there is no such event.
        StaleVersion: it has changed since its editor has read it.
        KeptElsewhere: it belongs to a honouring event.
        KeptWithCourse: it belongs to a run of a course.
        AlreadyCancelled: it will not take place.
        Malformed: something that must be said beside the picture is missing.
    """
    before = await lock_seen(transaction, command)
    require_editable(before)
    words = checked_words(command.words)
    event_image_id = await pictures.add_picture(transaction, command.drawn, words)
    content = msgspec.structs.replace(content_of(before), event_image_id=event_image_id)
    event = with_content(before, content, now)
    await keep_events(transaction, [event], site, now, Deed("add_picture", command.by))
    await keep_override(transaction, event)
    if event.is_public:
        await outbox.record(
            transaction,
            EventChanged(calendar_event_id=event.calendar_event_id, version=event.version),
        )
    return event

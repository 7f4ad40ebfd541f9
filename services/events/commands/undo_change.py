"""An editor takes the last change of what an event says back."""

from datetime import datetime
from uuid import UUID

import msgspec

from services.events.content import EventContent
from services.events.history import NotOfContent, content_before
from services.events.keeping import Deed, keep_events
from services.events.known import with_known
from services.events.model import (
    CalendarEvent,
    fact_of,
    require_editable,
    with_content,
)
from services.events.overriding import keep_override
from services.events.site import Site
from services.events.store import history
from services.events.store.seen import lock_seen
from shared import outbox
from shared.database import Connection

ENOUGH = 2
"""The version that stands, and the one before."""


class UndoChange(msgspec.Struct, frozen=True):
    """Which event, as its editor has seen it."""

    calendar_event_id: UUID
    expected_version: int
    by: str


async def undo_change(
    transaction: Connection, command: UndoChange, site: Site, now: datetime
) -> CalendarEvent:
    """Give an event the content that it had before its last change, as a new version.

    Subscribers see it as one more change. What a known place is called is what it is called now;
    a picture that is gone stays gone. Undoing twice brings the change back.

    Raises:
        EventUnknown: there is no such event.
        StaleVersion: it has changed since its editor has read it.
        KeptElsewhere: it belongs to a honouring event.
        KeptWithCourse: it belongs to a run of a course.
        AlreadyCancelled: it will not take place.
        NothingToUndo: it has no earlier version.
        NotOfContent: its last change was one of state, or of the place or organiser it names.
        Malformed: the place or the organiser that it had is not known any more.
    """
    before = await lock_seen(transaction, command)
    require_editable(before)
    versions = await history.versions(transaction, before.calendar_event_id, ENOUGH)
    content = await with_known(transaction, content_before(before, versions))
    event = with_content(before, await _with_image(transaction, content), now)
    if event.version == before.version:
        raise NotOfContent
    await keep_events(transaction, [event], site, now, Deed("undo_change", command.by))
    await keep_override(transaction, event)
    if (fact := fact_of(before, event)) is not None:
        await outbox.record(transaction, fact)
    return event


async def _with_image(transaction: Connection, content: EventContent) -> EventContent:
    image = content.event_image_id
    if image is None or await history.has_image(transaction, image):
        return content
    return msgspec.structs.replace(content, event_image_id=None)

"""An editor changes what an event says, but not when it is."""

from datetime import datetime
from uuid import UUID

import msgspec

from services.events.category import require_terms
from services.events.content import EventTexts, checked
from services.events.keeping import Deed, keep_events
from services.events.known import with_known
from services.events.model import (
    CalendarEvent,
    content_of,
    require_editable,
    with_content,
)
from services.events.overriding import keep_override
from services.events.site import Site
from services.events.store import events
from services.events.store.seen import lock_seen
from shared import outbox
from shared.contracts.events import EventChanged
from shared.database import Connection


class ChangeEvent(msgspec.Struct, frozen=True):
    """The new texts of an event, as its editor has seen it."""

    calendar_event_id: UUID
    expected_version: int
    texts: EventTexts
    by: str


async def change_event(
    transaction: Connection, command: ChangeEvent, site: Site, now: datetime
) -> CalendarEvent:
    """Change an event's texts and return it; texts that are the same change nothing.

    Raises:
        EventUnknown: there is no such event.
        StaleVersion: it has changed since its editor has read it.
        KeptElsewhere: it belongs to a honouring event.
        KeptWithCourse: it belongs to a run of a course.
        AlreadyCancelled: it will not take place.
        Malformed: names the first field that makes no sense.
    """
    before = await lock_seen(transaction, command)
    require_editable(before)
    require_terms(command.texts, await events.terms(transaction))
    texts = msgspec.structs.asdict(await with_known(transaction, command.texts))
    wanted = checked(msgspec.structs.replace(content_of(before), **texts))
    event = with_content(before, wanted, now)
    if event.version == before.version:
        return before
    await keep_events(transaction, [event], site, now, Deed("change_event", command.by))
    await keep_override(transaction, event)
    if event.is_public:
        await outbox.record(
            transaction,
            EventChanged(calendar_event_id=event.calendar_event_id, version=event.version),
        )
    return event

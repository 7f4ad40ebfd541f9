"""An editor approves an event that is to be seen from an hour on (Sperrfrist)."""

from datetime import datetime
from uuid import UUID

import msgspec

from services.events.commands.publish_event import AlreadyPublished
from services.events.keeping import Deed, keep_events, last_at
from services.events.model import CalendarEvent, revised
from services.events.site import Site
from services.events.store.seen import lock_seen
from shared.database import Connection
from shared.errors import Malformed


class ScheduleEvent(msgspec.Struct, frozen=True):
    """Which event, as its editor has seen it, and from when it is public."""

    calendar_event_id: UUID
    expected_version: int
    public_from: datetime
    """Aware."""
    by: str


async def schedule_event(
    transaction: Connection, command: ScheduleEvent, site: Site, now: datetime
) -> CalendarEvent:
    """Approve an event that nobody sees before its hour; `release_due_events` publishes it.

    One that is scheduled already gets the new hour.

    Raises:
        EventUnknown: there is no such event.
        StaleVersion: it has changed since its editor has read it.
        AlreadyPublished: everybody sees it already.
        Malformed: the hour has passed, or the event would be over by then.
    """
    before = await lock_seen(transaction, command)
    if before.is_public:
        raise AlreadyPublished
    if command.public_from <= now:
        raise Malformed("Bitte einen Zeitpunkt, der noch kommt.", "public_from")
    if command.public_from >= last_at(before):
        raise Malformed("Dann wäre die Veranstaltung schon vorbei.", "public_from")
    event = revised(before, now, state="scheduled", public_from=command.public_from)
    await keep_events(transaction, [event], site, now, Deed("schedule_event", command.by))
    return event

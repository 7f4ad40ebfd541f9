"""An editor refuses a submitted event: it will not stand in the calendar."""

from datetime import datetime
from uuid import UUID

import msgspec

from services.events.commands.return_event import Note
from services.events.deciding import tell_refusal
from services.events.keeping import Deed, keep_events
from services.events.model import CalendarEvent, revised
from services.events.review import require_submitted
from services.events.site import Site
from services.events.store.seen import lock_seen
from shared.database import Connection


class RefuseEvent(msgspec.Struct, frozen=True):
    """Which event, as its editor has seen it, and why not."""

    calendar_event_id: UUID
    expected_version: int
    note: Note
    by: str


async def refuse_event(
    transaction: Connection, command: RefuseEvent, site: Site, now: datetime
) -> CalendarEvent:
    """Refuse a submitted event with a reason; nobody outside ever sees it.

    Raises:
        EventUnknown: there is no such event.
        StaleVersion: it has changed since its editor has read it.
        NotSubmitted: it does not wait for a review.
    """
    submitted = await lock_seen(transaction, command)
    require_submitted(submitted)
    event = revised(submitted, now, state="refused", review_note=command.note)
    await keep_events(transaction, [event], site, now, Deed("refuse_event", command.by))
    await tell_refusal(transaction, event)
    return event

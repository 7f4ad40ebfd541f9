"""An editor gives a submitted event back, so that whoever has submitted it may better it."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

import msgspec

from services.events.deciding import tell_return
from services.events.keeping import Deed, keep_events
from services.events.model import CalendarEvent, revised
from services.events.review import NobodyToReturnTo, require_submitted
from services.events.site import Site
from services.events.store.seen import lock_seen
from shared.database import Connection

Note = Annotated[str, msgspec.Meta(min_length=1, max_length=2_000)]


class ReturnEvent(msgspec.Struct, frozen=True):
    """Which event, as its editor has seen it, and what is to be bettered."""

    calendar_event_id: UUID
    expected_version: int
    note: Note
    by: str


async def return_event(
    transaction: Connection, command: ReturnEvent, site: Site, now: datetime
) -> CalendarEvent:
    """Return a submitted event with a reason; it can be changed and submitted again.

    Raises:
        EventUnknown: there is no such event.
        StaleVersion: it has changed since its editor has read it.
        NotSubmitted: it does not wait for a review.
        NobodyToReturnTo: a partner's system has sent it.
    """
    submitted = await lock_seen(transaction, command)
    require_submitted(submitted)
    if submitted.origin == "partner":
        raise NobodyToReturnTo
    event = revised(submitted, now, state="returned", review_note=command.note)
    await keep_events(transaction, [event], site, now, Deed("return_event", command.by))
    await tell_return(transaction, event)
    return event

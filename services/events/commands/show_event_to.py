"""An editor decides who finds an event: everybody, or only those who have its address."""

from datetime import datetime
from typing import Literal
from uuid import UUID

import msgspec

from services.events.keeping import Deed, keep_events
from services.events.model import CalendarEvent, fact_of, require_kept_here, revised
from services.events.site import Site
from services.events.store.seen import lock_seen
from shared import outbox
from shared.database import Connection
from shared.errors import Refused


class SeenByMembersOnly(Refused):
    """A committee's meeting is seen by its members, and by nobody else."""

    def __init__(self) -> None:
        super().__init__("Die Sitzung eines Gremiums sehen nur seine Mitglieder.")


class ShowEventTo(msgspec.Struct, frozen=True):
    """Who shall find which event, as its editor has seen it."""

    calendar_event_id: UUID
    expected_version: int
    visibility: Literal["public", "unlisted"]
    by: str


async def show_event_to(
    transaction: Connection, command: ShowEventTo, site: Site, now: datetime
) -> CalendarEvent:
    """Change who finds an event and return it as it now stands; the same again changes nothing.

    What is unlisted leaves lists, searches and feeds; its page stays where it is.

    Raises:
        EventUnknown: there is no such event.
        StaleVersion: it has changed since its editor has read it.
        KeptElsewhere: it belongs to a honouring event.
        KeptWithCourse: it belongs to a run of a course.
        SeenByMembersOnly: it is a committee's.
    """
    before = await lock_seen(transaction, command)
    require_kept_here(before)
    if before.visibility == "committee":
        raise SeenByMembersOnly
    if before.visibility == command.visibility:
        return before
    event = revised(before, now, visibility=command.visibility)
    await keep_events(transaction, [event], site, now, Deed("show_event_to", command.by))
    if (fact := fact_of(before, event)) is not None:
        await outbox.record(transaction, fact)
    return event

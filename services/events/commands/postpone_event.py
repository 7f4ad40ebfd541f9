"""An editor puts an event off without a new date (Verschiebung); it keeps its old one."""

from datetime import datetime
from uuid import UUID

import msgspec

from services.events.keeping import Deed, keep_events
from services.events.model import CalendarEvent, require_editable, with_state
from services.events.overriding import keep_override
from services.events.site import Site
from services.events.store.seen import lock_seen
from shared import outbox
from shared.contracts.events import EventPostponed
from shared.database import Connection
from shared.errors import Refused


class NothingToPostpone(Refused):
    """Only what stands in the calendar with a date that counts can be put off."""

    def __init__(self) -> None:
        super().__init__(
            "Verschieben lässt sich nur, was im Kalender steht und nicht schon verschoben ist."
        )


class PostponeEvent(msgspec.Struct, frozen=True):
    """Which event, as its editor has seen it."""

    calendar_event_id: UUID
    expected_version: int
    by: str


async def postpone_event(
    transaction: Connection, command: PostponeEvent, site: Site, now: datetime
) -> CalendarEvent:
    """Put an event off and return it as it now stands.

    It stays where it was, marked, until it is rescheduled: so who has noted it learns of it.
    Source: schema.org/EventPostponed, the previous date is kept until there is a new one.

    Raises:
        EventUnknown: there is no such event.
        StaleVersion: it has changed since its editor has read it.
        KeptElsewhere: it belongs to a honouring event.
        KeptWithCourse: it belongs to a run of a course.
        AlreadyCancelled: it will not take place.
        NothingToPostpone: nobody has seen it yet, or it was put off before.
    """
    before = await lock_seen(transaction, command)
    require_editable(before)
    if before.state != "published":
        raise NothingToPostpone
    event = with_state(before, "postponed", now)
    await keep_events(transaction, [event], site, now, Deed("postpone_event", command.by))
    await keep_override(transaction, event)
    await outbox.record(
        transaction,
        EventPostponed(calendar_event_id=event.calendar_event_id, version=event.version),
    )
    return event

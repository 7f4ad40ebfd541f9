"""An editor puts a draft, or what somebody has submitted, into the public calendar."""

from datetime import datetime
from uuid import UUID

import msgspec

from services.events.deciding import tell_publication
from services.events.keeping import Deed, keep_events
from services.events.model import CalendarEvent, with_state
from services.events.overriding import keep_override
from services.events.site import Site
from services.events.store.seen import lock_seen
from shared import outbox
from shared.contracts.events import EventPublished
from shared.database import Connection
from shared.errors import Refused


class AlreadyPublished(Refused):
    """The event stands in the calendar already."""

    def __init__(self) -> None:
        super().__init__("Diese Veranstaltung steht schon im Kalender.")


class PublishEvent(msgspec.Struct, frozen=True):
    """Which event that nobody sees yet, as its editor has seen it."""

    calendar_event_id: UUID
    expected_version: int
    by: str


async def publish_event(
    transaction: Connection, command: PublishEvent, site: Site, now: datetime
) -> CalendarEvent:
    """Publish an event that nobody sees yet and return it as it now stands.

    Raises:
        EventUnknown: there is no such event.
        StaleVersion: it has changed since its editor has read it.
        AlreadyPublished: everybody sees it already.
    """
    draft = await lock_seen(transaction, command)
    if draft.is_public:
        raise AlreadyPublished
    event = with_state(draft, "published", now)
    await keep_events(transaction, [event], site, now, Deed("publish_event", command.by))
    # A partner may have called its draft off meanwhile: then this is an editor's decision.
    await keep_override(transaction, event)
    await tell_publication(transaction, event)
    await outbox.record(
        transaction,
        EventPublished(calendar_event_id=event.calendar_event_id, version=event.version),
    )
    return event

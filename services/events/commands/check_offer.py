"""An editor has seen that somebody else's offer is still there (heute geprüft)."""

from datetime import datetime
from uuid import UUID

import msgspec

from services.events.content import DEFAULT_ZONE
from services.events.keeping import Deed, keep_events
from services.events.model import (
    CalendarEvent,
    content_of,
    require_editable,
    with_content,
)
from services.events.overriding import keep_override
from services.events.site import Site
from services.events.store import offer_links
from services.events.store.seen import lock_seen
from shared import outbox
from shared.contracts.events import EventChanged
from shared.database import Connection
from shared.errors import Refused
from shared.ical.timezone import wall_clock


class NobodysOffer(Refused):
    """The event is no offer of somebody else."""

    def __init__(self) -> None:
        super().__init__("Diese Veranstaltung ist kein Angebot von jemand anderem.")


class CheckOffer(msgspec.Struct, frozen=True):
    """Which event, as its editor has seen it."""

    calendar_event_id: UUID
    expected_version: int
    by: str


async def check_offer(
    transaction: Connection, command: CheckOffer, site: Site, now: datetime
) -> CalendarEvent:
    """Note that an offer was looked at today, and forget what was found wrong with its link.

    Raises:
        EventUnknown: there is no such event.
        StaleVersion: it has changed since its editor has read it.
        KeptElsewhere: it belongs to a honouring event.
        KeptWithCourse: it belongs to a run of a course.
        AlreadyCancelled: it will not take place.
        NobodysOffer: it names no provider.
    """
    before = await lock_seen(transaction, command)
    require_editable(before)
    if not before.provider:
        raise NobodysOffer
    await offer_links.forget_link(transaction, before.calendar_event_id)
    today = wall_clock(now, DEFAULT_ZONE).date()
    content = msgspec.structs.replace(content_of(before), checked_on=today)
    event = with_content(before, content, now)
    if event.version == before.version:
        return before
    await keep_events(transaction, [event], site, now, Deed("check_offer", command.by))
    await keep_override(transaction, event)
    if event.is_public:
        await outbox.record(
            transaction,
            EventChanged(calendar_event_id=event.calendar_event_id, version=event.version),
        )
    return event

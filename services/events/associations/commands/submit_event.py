"""An association asks the editors to publish its event."""

from datetime import datetime
from uuid import UUID

import msgspec

from services.events.associations.model import Association, NotYours
from services.events.associations.store import submissions
from services.events.keeping import Deed, keep_events
from services.events.model import CalendarEvent, require_version, revised
from services.events.site import Site
from shared import outbox
from shared.contracts.events import EventSubmitted
from shared.database import Connection
from shared.errors import Refused


class AlreadySubmitted(Refused):
    """It waits for its review, or was reviewed."""

    def __init__(self) -> None:
        super().__init__("Diese Veranstaltung ist schon eingereicht.")


class SubmitEvent(msgspec.Struct, frozen=True):
    """Which event, as the association has seen it."""

    association: Association
    calendar_event_id: UUID
    expected_version: int


async def submit_event(
    transaction: Connection, command: SubmitEvent, site: Site, now: datetime
) -> CalendarEvent:
    """Submit a draft, or what came back; from now on its two working days count.

    Raises:
        NotYours: the association has no such event.
        StaleVersion: it has changed since.
        AlreadySubmitted: it waits for its review, or was reviewed.
    """
    association = command.association
    own = await submissions.lock_own(
        transaction, association.organiser_id, command.calendar_event_id
    )
    if own is None:
        raise NotYours
    require_version(own.event, command.expected_version)
    if own.event.state not in {"draft", "returned"}:
        raise AlreadySubmitted
    event = revised(
        own.event,
        now,
        state="submitted",
        submitted_by=association.name,
        submitted_at=now,
        review_note="",
    )
    await keep_events(transaction, [event], site, now, Deed("submit_event", association.name))
    await outbox.record(
        transaction,
        EventSubmitted(calendar_event_id=event.calendar_event_id, version=event.version),
    )
    return event

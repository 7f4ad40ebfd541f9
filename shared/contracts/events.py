"""What events promises: facts about calendar events and partners' items, and reads by id."""

from typing import ClassVar, Literal
from uuid import UUID

import msgspec

from shared.contracts.ask import Ask
from shared.contracts.fact import Fact, Instant


class EventPublished(Fact, frozen=True, kw_only=True):
    """A calendar event (Veranstaltung) stands in the public calendar."""

    subject: ClassVar[str] = "facts.events.event_published.v1"
    about: ClassVar[str] = "calendar_event_id"

    calendar_event_id: UUID


class EventChanged(Fact, frozen=True, kw_only=True):
    """Something about a published event has changed, its time has not."""

    subject: ClassVar[str] = "facts.events.event_changed.v1"
    about: ClassVar[str] = "calendar_event_id"

    calendar_event_id: UUID


class EventRescheduled(Fact, frozen=True, kw_only=True):
    """A published event has moved to another time (Verlegung)."""

    subject: ClassVar[str] = "facts.events.event_rescheduled.v1"
    about: ClassVar[str] = "calendar_event_id"

    calendar_event_id: UUID
    previous_starts_at: Instant


class EventCancelled(Fact, frozen=True, kw_only=True):
    """A published event will not take place (Absage); it stays visible."""

    subject: ClassVar[str] = "facts.events.event_cancelled.v1"
    about: ClassVar[str] = "calendar_event_id"

    calendar_event_id: UUID


class EventWithdrawn(Fact, frozen=True, kw_only=True):
    """An event is no longer in the calendar, as if it had never been there (Löschung).

    Its partner took it back, or it was merged into another that stays.
    """

    subject: ClassVar[str] = "facts.events.event_withdrawn.v1"
    about: ClassVar[str] = "calendar_event_id"

    calendar_event_id: UUID
    kept_event_id: UUID | None = None
    """The event that stands for it now, if it was merged."""


class PartnerItemAccepted(Fact, frozen=True, kw_only=True):
    """A partner's item has become, or has changed, a calendar event (Einspeisung)."""

    subject: ClassVar[str] = "facts.events.partner_item_accepted.v1"
    about: ClassVar[str] = "partner_item_id"

    partner_item_id: UUID
    partner_id: UUID
    calendar_event_id: UUID


class PartnerItemQuarantined(Fact, frozen=True, kw_only=True):
    """A partner's item was refused and is kept with its reason."""

    subject: ClassVar[str] = "facts.events.partner_item_quarantined.v1"
    about: ClassVar[str] = "partner_item_id"

    partner_item_id: UUID
    partner_id: UUID
    reason: str
    """The stable code of the reason, such as `start_missing`."""


class CalendarEventDetails(msgspec.Struct, frozen=True, kw_only=True):
    """A calendar event as others may need it."""

    calendar_event_id: UUID
    version: int
    title: str
    state: Literal["published", "cancelled", "postponed"]
    starts_at: Instant
    ends_at: Instant | None
    zone: str
    place: str


class CalendarEvents(Ask[CalendarEventDetails], frozen=True, kw_only=True):
    """Ask events for public calendar events by id."""

    subject: ClassVar[str] = "ask.events.calendar_events.v1"
    answer: ClassVar[type[msgspec.Struct]] = CalendarEventDetails

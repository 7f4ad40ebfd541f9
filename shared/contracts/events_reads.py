"""What events answers about calendar events and submissions; its facts stand in `events`."""

from typing import ClassVar, Literal
from uuid import UUID

import msgspec

from shared.contracts.ask import Ask
from shared.contracts.fact import Instant

SubmissionState = Literal[
    "draft", "submitted", "returned", "refused", "scheduled", "published", "cancelled", "postponed"
]


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


class SubmissionDetails(msgspec.Struct, frozen=True, kw_only=True):
    """An association's event with all that is written to it about the review."""

    calendar_event_id: UUID
    version: int
    state: SubmissionState
    title: str
    starts_at: Instant
    """When it (first) starts."""
    all_day: bool
    zone: str
    place: str
    association: str
    """The association's name."""
    email: str
    """Empty: there is no address to write to."""
    note: str
    """Why it was returned or refused."""
    link_token: str
    """A fresh secret for the association's page, `/veranstaltung-melden/<token>`; empty: none."""


class Submissions(Ask[SubmissionDetails], frozen=True, kw_only=True):
    """Ask events for what associations have submitted, by the event; each brings a fresh link."""

    subject: ClassVar[str] = "ask.events.submissions.v1"
    answer: ClassVar[type[msgspec.Struct]] = SubmissionDetails

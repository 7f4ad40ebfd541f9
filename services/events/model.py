"""What a calendar event is and how it may change."""

from datetime import datetime
from typing import Any, Final, Literal
from uuid import UUID

import msgspec

from services.events.content import EventContent, duration, is_moved
from shared.contracts.events import (
    EventCancelled,
    EventChanged,
    EventPostponed,
    EventPublished,
    EventRescheduled,
)
from shared.contracts.fact import Fact
from shared.errors import NotFound, Refused
from shared.ical.timezone import instant

State = Literal[
    "draft", "submitted", "returned", "refused", "scheduled", "published", "cancelled", "postponed"
]
PUBLIC: Final = frozenset({"published", "cancelled", "postponed"})
"""The states in which others see an event. `scheduled`: published at its hour by the timer."""
Visibility = Literal["public", "unlisted", "committee"]
"""In lists and feeds; for whoever has the address; for the members of a committee."""
Origin = Literal["editor", "honouring", "partner", "course"]


class CalendarEvent(EventContent, frozen=True, kw_only=True):
    """Something with a date and a place that people can go to (Veranstaltung)."""

    calendar_event_id: UUID
    uid: str
    """Stable for life: calendars recognise the event by it."""
    version: int = 1
    sequence: int = 0
    """Grows with every change that subscribers see and is never reset."""
    state: State = "draft"
    previous_starts_at: datetime | None = None
    """When it would have started before it was moved the last time."""
    origin: Origin = "editor"
    origin_id: UUID | None = None
    """The honouring event's, the partner item's or the course run's id."""
    origin_version: int = 0
    """The version of the honouring event or of the course run that was kept last."""
    visibility: Visibility = "public"
    public_from: datetime | None = None
    """When a scheduled event is published (Sperrfrist)."""
    submitted_by: str = ""
    """Who has asked for its publication: an association's name; empty for the editors' own."""
    submitted_at: datetime | None = None
    review_note: str = ""
    """Why it was returned or refused, for whoever has submitted it."""
    created_at: datetime
    changed_at: datetime

    @property
    def is_public(self) -> bool:
        """Tell whether others than editors may see it."""
        return self.state in PUBLIC

    @property
    def is_kept_elsewhere(self) -> bool:
        """Tell whether it follows a honouring event or a run of a course, not an editor."""
        return self.origin in {"honouring", "course"}

    @property
    def starts_at(self) -> datetime:
        """Return the instant at which it (first) starts."""
        return instant(self.starts, self.zone)

    @property
    def ends_at(self) -> datetime:
        """Return the instant at which its (first) occurrence ends."""
        return instant(self.starts + duration(self), self.zone)


class EventUnknown(NotFound):
    """There is no such event."""

    def __init__(self) -> None:
        super().__init__("Diese Veranstaltung gibt es nicht.")


class StaleVersion(Refused):
    """Somebody else has changed the event in the meantime."""

    def __init__(self) -> None:
        super().__init__(
            "Diese Veranstaltung wurde inzwischen von jemand anderem geändert. Bitte laden Sie die "
            "Seite neu und prüfen Sie, ob Ihre Änderung noch nötig ist."
        )


class AlreadyCancelled(Refused):
    """A cancelled event cannot be changed."""

    def __init__(self) -> None:
        super().__init__("Diese Veranstaltung ist abgesagt und lässt sich nicht mehr ändern.")


class KeptElsewhere(Refused):
    """The event belongs to a honouring event and is changed there."""

    def __init__(self) -> None:
        super().__init__(
            "Diese Veranstaltung wird mit der Würdigungsveranstaltung geführt. Bitte ändern Sie "
            "sie dort; der Kalender folgt von selbst."
        )


class KeptWithCourse(Refused):
    """The event belongs to a run of a course and is changed there."""

    def __init__(self) -> None:
        super().__init__(
            "Diese Veranstaltung wird mit einem Kurs geführt. Bitte ändern Sie sie dort; der "
            "Kalender folgt von selbst."
        )


def content_of(event: CalendarEvent) -> EventContent:
    """Return what `event` says without its identity and state."""
    return msgspec.convert(event, EventContent, from_attributes=True)


def revised(event: CalendarEvent, now: datetime, **changes: Any) -> CalendarEvent:
    """Return `event` with `changes`, one version on, and one SEQUENCE on if people can see it.

    Source: RFC 5545 3.8.7.4; Google and Outlook ignore a change without it.
    """
    after = msgspec.structs.replace(event, **changes)
    sequence = event.sequence + 1 if event.is_public else event.sequence
    return msgspec.structs.replace(
        after, version=event.version + 1, sequence=sequence, changed_at=_not_before(event, now)
    )


def with_content(event: CalendarEvent, content: EventContent, now: datetime) -> CalendarEvent:
    """Return `event` saying `content`, with the previous start kept if the start moves.

    Unchanged content gives back the same event.
    """
    if content_of(event) == content:
        return event
    changes = msgspec.structs.asdict(content)
    starts_at = instant(content.starts, content.zone)
    if starts_at != event.starts_at and event.is_public:
        changes["previous_starts_at"] = event.starts_at
    return revised(event, now, **changes)


def with_state(event: CalendarEvent, state: State, now: datetime) -> CalendarEvent:
    """Return `event` in another state; the same event if it is in that state already."""
    return event if event.state == state else revised(event, now, state=state)


def fact_of(before: CalendarEvent | None, after: CalendarEvent) -> Fact | None:
    """Return what others are told about a change, None where there is nothing to tell."""
    told: dict[str, Any] = {
        "calendar_event_id": after.calendar_event_id,
        "version": after.version,
    }
    if not after.is_public or (before is not None and before.version == after.version):
        return None
    if before is None or not before.is_public:
        return EventPublished(**told)
    if after.state == "cancelled" and before.state != "cancelled":
        return EventCancelled(**told)
    if after.state == "postponed" and before.state != "postponed":
        return EventPostponed(**told)
    if is_moved(before, after):
        return EventRescheduled(**told, previous_starts_at=before.starts_at)
    return EventChanged(**told)


def require_version(event: CalendarEvent, expected: int) -> None:
    """Stop a change that was made on an older version.

    Raises:
        StaleVersion: the event has changed since.
    """
    if event.version != expected:
        raise StaleVersion


def require_editable(event: CalendarEvent) -> None:
    """Stop an editor's change of an event that is cancelled or kept elsewhere.

    Raises:
        KeptElsewhere: it belongs to a honouring event.
        KeptWithCourse: it belongs to a run of a course.
        AlreadyCancelled: it will not take place.
    """
    require_kept_here(event)
    if event.state == "cancelled":
        raise AlreadyCancelled


def require_kept_here(event: CalendarEvent) -> None:
    """Stop an editor's change of an event that follows something else.

    Raises:
        KeptElsewhere: it belongs to a honouring event.
        KeptWithCourse: it belongs to a run of a course.
    """
    if event.origin == "honouring":
        raise KeptElsewhere
    if event.origin == "course":
        raise KeptWithCourse


def _not_before(event: CalendarEvent, now: datetime) -> datetime:
    # A clock set back must not give a later revision an older DTSTAMP.
    return max(now, event.changed_at)

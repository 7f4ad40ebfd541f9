"""What a calendar event is and how it may change."""

from datetime import datetime, timedelta
from typing import Annotated, Any, Literal
from uuid import UUID

import msgspec

from shared.errors import Malformed, Refused
from shared.ical.timezone import instant, is_zone, zone_rule

DEFAULT_ZONE = "Europe/Berlin"
EARLIEST_YEAR, LATEST_YEAR = 1970, 2100
LONGEST = timedelta(days=366)

State = Literal["draft", "published", "cancelled", "postponed"]
Origin = Literal["editor", "honouring", "partner"]

Title = Annotated[str, msgspec.Meta(min_length=1, max_length=200)]
Line = Annotated[str, msgspec.Meta(max_length=300)]
Description = Annotated[str, msgspec.Meta(max_length=8_000)]


class EventContent(msgspec.Struct, frozen=True, kw_only=True):
    """What a calendar event says, whoever says it. Times are wall-clock times in `zone`."""

    title: Title
    description: Description = ""
    place_name: Line = ""
    place_address: Line = ""
    latitude: float | None = None
    longitude: float | None = None
    organiser: Line = ""
    website: Annotated[str, msgspec.Meta(max_length=2_000)] = ""
    """Where the organiser tells more: http(s) or empty."""
    categories: list[str] = []
    """Codes of the controlled list, in its order."""
    starts: datetime
    """Naive; midnight where the event is all day."""
    ends: datetime | None = None
    """Naive and exclusive; midnight after the last day where the event is all day."""
    all_day: bool = False
    zone: str = DEFAULT_ZONE
    recurrence: str = ""
    """Value of an RRULE, empty for a single event; UNTIL in UTC unless the event is all day."""
    excluded: list[datetime] = []
    """Starts (naive) that the recurrence leaves out."""
    added: list[datetime] = []
    """Further starts (naive) besides the recurrence."""


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
    """The honouring event's or the partner item's id."""
    origin_version: int = 0
    """The version of the honouring event that was kept last."""
    created_at: datetime
    changed_at: datetime

    @property
    def starts_at(self) -> datetime:
        """Return the instant at which it (first) starts."""
        return instant(self.starts, self.zone)

    @property
    def ends_at(self) -> datetime:
        """Return the instant at which its (first) occurrence ends."""
        return instant(self.starts + duration(self), self.zone)


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


def duration(content: EventContent) -> timedelta:
    """Return how long one occurrence lasts on the clock; without end one day if all day, else 0."""
    if content.ends is not None:
        return content.ends - content.starts
    return timedelta(days=1 if content.all_day else 0)


def content_of(event: CalendarEvent) -> EventContent:
    """Return what `event` says without its identity and state."""
    return msgspec.convert(event, EventContent, from_attributes=True)


def checked(content: EventContent) -> EventContent:
    """Return `content` if its times make sense.

    Raises:
        Malformed: names the first field that does not.
    """
    if not content.title.strip():
        raise Malformed("Bitte geben Sie einen Titel an.", "title")
    if not is_zone(content.zone):
        raise Malformed(f"Die Zeitzone „{content.zone}“ gibt es nicht.", "zone")
    for field, moment in (("starts", content.starts), ("ends", content.ends)):
        if moment is not None and not EARLIEST_YEAR <= moment.year < LATEST_YEAR:
            raise Malformed("Das Datum muss zwischen 1970 und 2099 liegen.", field)
    _check_length(content)
    if content.recurrence and zone_rule(content.zone) is None:
        raise Malformed("Für diese Zeitzone lassen sich keine Serien eintragen.", "zone")
    if content.website and not content.website.startswith(("https://", "http://")):
        raise Malformed("Die Adresse muss mit https:// oder http:// beginnen.", "website")
    return content


def _check_length(content: EventContent) -> None:
    lasts = duration(content)
    if lasts < timedelta(0) or (content.all_day and not lasts):
        raise Malformed("Das Ende muss nach dem Beginn liegen.", "ends")
    if lasts > LONGEST:
        raise Malformed("Eine Veranstaltung dauert höchstens ein Jahr.", "ends")
    if content.all_day and any(
        at.time() != at.min.time() for at in (content.starts, content.starts + lasts)
    ):
        raise Malformed("Eine ganztägige Veranstaltung hat keine Uhrzeit.", "starts")


def revised(event: CalendarEvent, now: datetime, **changes: Any) -> CalendarEvent:
    """Return `event` with `changes`, one version on, and one SEQUENCE on if people can see it.

    Source: RFC 5545 3.8.7.4; Google and Outlook ignore a change without it.
    """
    after = msgspec.structs.replace(event, **changes)
    visible = event.state != "draft"
    sequence = event.sequence + 1 if visible else event.sequence
    return msgspec.structs.replace(
        after, version=event.version + 1, sequence=sequence, changed_at=_not_before(event, now)
    )


def with_content(event: CalendarEvent, content: EventContent, now: datetime) -> CalendarEvent:
    """Return `event` saying `content`, with the previous start kept if it moves.

    Unchanged content gives back the same event.
    """
    if content_of(event) == content:
        return event
    changes = msgspec.structs.asdict(content)
    if is_moved(event, content) and event.state != "draft":
        changes["previous_starts_at"] = event.starts_at
    return revised(event, now, **changes)


def is_moved(before: EventContent, after: EventContent) -> bool:
    """Say whether `after` takes place at another time than `before`."""

    def when(content: EventContent) -> tuple[object, ...]:
        return (
            content.starts,
            duration(content),
            content.zone,
            content.all_day,
            content.recurrence,
            content.excluded,
            content.added,
        )

    return when(before) != when(after)


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
        AlreadyCancelled: it will not take place.
    """
    if event.origin == "honouring":
        raise KeptElsewhere
    if event.state == "cancelled":
        raise AlreadyCancelled


def _not_before(event: CalendarEvent, now: datetime) -> datetime:
    # A clock set back must not give a later revision an older DTSTAMP.
    return max(now, event.changed_at)

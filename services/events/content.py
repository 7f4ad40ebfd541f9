"""What a calendar event says: its texts, its place and its times."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Annotated, Any
from uuid import UUID

import msgspec

from shared.errors import Malformed
from shared.ical.timezone import is_zone, zone_rule

DEFAULT_ZONE = "Europe/Berlin"
EARLIEST_YEAR, LATEST_YEAR = 1970, 2100
LONGEST = timedelta(days=366)


Title = Annotated[str, msgspec.Meta(min_length=1, max_length=200)]
Line = Annotated[str, msgspec.Meta(max_length=300)]
Description = Annotated[str, msgspec.Meta(max_length=8_000)]
EasySummary = Annotated[str, msgspec.Meta(max_length=1_000)]
WebAddress = Annotated[str, msgspec.Meta(max_length=2_000)]


class EventTexts(msgspec.Struct, frozen=True, kw_only=True):
    """What a calendar event says about itself, but not when it is."""

    title: Title
    description: Description = ""
    place_name: Line = ""
    place_address: Line = ""
    latitude: float | None = None
    longitude: float | None = None
    place_id: UUID | None = None
    """A place that the city knows; name, address and point are then that place's."""
    organiser: Line = ""
    organiser_id: UUID | None = None
    """An organiser that the city knows; `organiser` is then its name."""
    website: WebAddress = ""
    """Where the organiser tells more: http(s) or empty."""
    categories: list[str] = []
    """Codes of the controlled list, in its order."""
    audiences: list[str] = []
    """Codes of those whom it is meant for, in the order of the controlled list."""
    price: Line = ""
    """In words, such as `5 Euro, ermäßigt 3 Euro`; empty where nothing is known."""
    registration_url: WebAddress = ""
    """Where people sign up: http(s) or empty."""
    easy_summary: EasySummary = ""
    """What it is in easy language (Leichte Sprache)."""
    provider: Line = ""
    """Who makes the offer, if it is somebody else's and only stands here; its link is `website`."""
    checked_on: date | None = None
    """When an editor last saw that somebody else's offer is still there."""
    event_image_id: UUID | None = None


class ChangedDate(msgspec.Struct, frozen=True, kw_only=True):
    """One date of a series that is not as the rule says."""

    original: datetime
    """Naive: when the rule has it; what RECURRENCE-ID names."""
    starts: datetime
    """Naive: when it is instead; the same where it is cancelled."""
    ends: datetime | None = None
    is_cancelled: bool = False


class EventTimes(msgspec.Struct, frozen=True, kw_only=True):
    """When a calendar event is, in wall-clock times of `zone`."""

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
    changed: list[ChangedDate] = []
    """Single dates that are moved or cancelled, by `original`."""


class EventContent(EventTexts, frozen=True, kw_only=True):
    """What a calendar event says, whoever says it: its texts and, as in EventTimes, its times."""

    starts: datetime
    ends: datetime | None = None
    all_day: bool = False
    zone: str = DEFAULT_ZONE
    recurrence: str = ""
    excluded: list[datetime] = []
    added: list[datetime] = []
    changed: list[ChangedDate] = []


def layered(source: EventContent, override: Mapping[str, Any]) -> EventContent:
    """Return what a source says with an editor's changes above it."""
    if not override:
        return source
    fields = {name: override[name] for name in override if name in EventContent.__struct_fields__}
    return msgspec.convert({**msgspec.to_builtins(source), **fields}, EventContent)


def override_of(source: EventContent, content: EventContent) -> dict[str, Any]:
    """Return by name the fields in which `content` differs from its source, for `layered`."""
    said, wanted = msgspec.to_builtins(source), msgspec.to_builtins(content)
    return {name: wanted[name] for name in wanted if wanted[name] != said[name]}


def duration(content: EventContent) -> timedelta:
    """Return how long one occurrence lasts on the clock; without end one day if all day, else 0."""
    if content.ends is not None:
        return content.ends - content.starts
    return timedelta(days=1 if content.all_day else 0)


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
    _check_addresses(content)
    _check_changed(content)
    return content


def _check_addresses(content: EventContent) -> None:
    for field in ("website", "registration_url"):
        address = getattr(content, field)
        if address and not address.startswith(("https://", "http://")):
            raise Malformed("Die Adresse muss mit https:// oder http:// beginnen.", field)
    if content.provider and not content.website:
        raise Malformed("Bitte geben Sie an, wo das Angebot zu finden ist.", "website")


def _check_changed(content: EventContent) -> None:
    if content.changed and not content.recurrence:
        raise Malformed("Nur bei einer Serie lassen sich einzelne Termine ändern.", "changed")
    originals = [change.original for change in content.changed]
    if len(set(originals)) < len(originals):
        raise Malformed("Ein Termin lässt sich nur einmal ändern.", "changed")
    for change in content.changed:
        if change.ends is not None and change.ends < change.starts:
            raise Malformed("Das Ende muss nach dem Beginn liegen.", "changed")


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
            content.changed,
        )

    return when(before) != when(after)

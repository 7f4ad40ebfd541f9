"""What a calendar event says: its texts, its place and its times."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Annotated, Any

import msgspec

from shared.errors import Malformed
from shared.ical.timezone import is_zone, zone_rule

DEFAULT_ZONE = "Europe/Berlin"
EARLIEST_YEAR, LATEST_YEAR = 1970, 2100
LONGEST = timedelta(days=366)


Title = Annotated[str, msgspec.Meta(min_length=1, max_length=200)]
Line = Annotated[str, msgspec.Meta(max_length=300)]
Description = Annotated[str, msgspec.Meta(max_length=8_000)]


class EventTexts(msgspec.Struct, frozen=True, kw_only=True):
    """What a calendar event says about itself, but not when it is."""

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


class EventContent(EventTexts, frozen=True, kw_only=True):
    """What a calendar event says, whoever says it: its texts and, as in EventTimes, its times."""

    starts: datetime
    ends: datetime | None = None
    all_day: bool = False
    zone: str = DEFAULT_ZONE
    recurrence: str = ""
    excluded: list[datetime] = []
    added: list[datetime] = []


def layered(source: EventContent, override: Mapping[str, Any]) -> EventContent:
    """Return what a source says with an editor's changes above it."""
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

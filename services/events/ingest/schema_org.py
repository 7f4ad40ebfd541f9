"""Reads schema.org/Event as JSON-LD, the way calendars put it into their pages."""

from collections.abc import Mapping
from typing import Any, Final

from services.events.content import DEFAULT_ZONE, EventContent
from services.events.ingest import fields, limits
from services.events.ingest.item import Item, Status, Withdrawal
from services.events.ingest.moments import (
    Moment,
    check_period,
    last_day_included,
    read_moment,
)
from services.events.ingest.offers import price_of, registration_of
from services.events.ingest.plain import modified
from services.events.ingest.reasons import ItemRefused
from services.events.ingest.schedule import read_schedule

_OTHER_EVENTS: Final = frozenset({"Festival", "Hackathon", "CourseInstance"})
_STATUS: Final[Mapping[str, Status]] = {
    "": "published",
    "EventScheduled": "published",
    "EventRescheduled": "published",
    "EventMovedOnline": "published",
    "EventCancelled": "cancelled",
    "EventPostponed": "postponed",
}


def speaks(given: Mapping[str, Any]) -> bool:
    """Say whether an object is meant as JSON-LD."""
    return "@type" in given or "@context" in given


DELETE: Final = "DeleteAction"
"""Source: schema.org/DeleteAction, whose `object` is the event that is to go."""


def key_of(given: Mapping[str, Any]) -> str:
    """Return the item's id: its identifier, else its @id, else its url.

    Raises:
        ItemRefused: it has none.
    """
    if given.get("@type") == DELETE:
        deleted = _first(given.get("object"))
        if not isinstance(deleted, dict):
            raise ItemRefused("id_missing", "object")
        return key_of({**deleted, "@type": "Event"})
    identifier = _first(given.get("identifier"))
    if isinstance(identifier, dict):
        identifier = identifier.get("value")
    return fields.key(identifier or given.get("@id") or given.get("url"), "identifier")


def read_item(given: Mapping[str, Any]) -> Item | Withdrawal:
    """Return the event that `given` describes, or that it is taken back (DeleteAction).

    Raises:
        ItemRefused: names the first field that is wrong.
    """
    if given.get("@type") == DELETE:
        changed = modified(given.get("endTime"), "endTime")
        return Withdrawal(key=key_of(given), modified_at=changed)
    _check_type(given)
    return Item(
        key=key_of(given),
        content=_content(given),
        status=_status(given.get("eventStatus")),
        revision=fields.revision(given.get("version"), "version"),
        modified_at=modified(given.get("dateModified"), "dateModified"),
    )


def _content(given: Mapping[str, Any]) -> EventContent:
    when = read_schedule(given) if given.get("eventSchedule") else None
    start, end = (when.start, when.end) if when else _period(given)
    place = _hall(given.get("location"))
    point = _point(place)
    return EventContent(
        title=fields.title(_name(given, "name", limits.DESCRIPTION_LENGTH), "name"),
        description=fields.description(_name(given, "description", 2**18), "description"),
        place_name=fields.cleaned(_named(place, "location"), "location"),
        place_address=_address(place),
        latitude=point[0] if point else None,
        longitude=point[1] if point else None,
        organiser=fields.cleaned(_named(_first(given.get("organizer")), "organizer"), "organizer"),
        website=fields.link(_name(given, "url", limits.LINK_LENGTH), "url"),
        categories=_keywords(given.get("keywords")),
        audiences=_audiences(given.get("audience")),
        price=price_of(given),
        registration_url=registration_of(given),
        starts=start.at,
        ends=end.at if end else None,
        all_day=start.is_day,
        zone=when.zone if when else DEFAULT_ZONE,
        recurrence=when.recurrence if when else "",
        excluded=when.excluded if when else [],
    )


def _check_type(given: Mapping[str, Any]) -> None:
    kinds = given.get("@type")
    names = [kinds] if isinstance(kinds, str) else kinds if isinstance(kinds, list) else []
    short = [_short(str(name)) for name in names]
    if not any(name.endswith(("Event", "EventSeries")) or name in _OTHER_EVENTS for name in short):
        raise ItemRefused("not_an_event", "@type")


def _short(name: str) -> str:
    """Return `Event` for `https://schema.org/Event` and `schema:Event`."""
    return name.strip().rsplit("/", 1)[-1].removeprefix("schema:")


def _period(given: Mapping[str, Any]) -> tuple[Moment, Moment | None]:
    if given.get("startDate") in (None, ""):
        raise ItemRefused("start_missing", "startDate")
    start = read_moment(given["startDate"], DEFAULT_ZONE, "startDate")
    if given.get("endDate") in (None, ""):
        return start, None
    end = read_moment(given["endDate"], DEFAULT_ZONE, "endDate")
    if end.is_day and not start.is_day and end.at.date() == start.at.date():
        # Usual in the wild: the end names only the day on which the event starts.
        return start, None
    check_period(start, last_day_included(end), "endDate")
    return start, last_day_included(end)


def _status(value: object) -> Status:
    value = _first(value)
    name = _short(value) if isinstance(value, str) else "" if value is None else "?"
    if name not in _STATUS:
        raise ItemRefused("status_unknown", "eventStatus")
    return _STATUS[name]


def _name(given: Mapping[str, Any], field: str, most: int) -> str:
    """Return a text that may stand as {"@value": …} or in a list."""
    value = _first(given.get(field))
    if isinstance(value, dict):
        value = value.get("@value")
    if value is None:
        return ""
    if not isinstance(value, str):
        raise ItemRefused("text_expected", field)
    if len(value) > most:
        raise ItemRefused("text_too_long", field)
    return value


def _named(thing: object, field: str) -> str:
    if thing is None:
        return ""
    if isinstance(thing, str):
        return thing
    if isinstance(thing, dict):
        name = thing.get("name") or ("Online" if _is_virtual(thing) else "")
        if isinstance(name, str):
            return name
    raise ItemRefused("text_expected", field)


def _address(place: object) -> str:
    address = _first(place.get("address")) if isinstance(place, dict) else None
    if isinstance(address, dict):
        street = _part(address, "streetAddress")
        town = f"{_part(address, 'postalCode')} {_part(address, 'addressLocality')}".strip()
        address = ", ".join(part for part in (street, town) if part)
    if address is None:
        return ""
    if not isinstance(address, str):
        raise ItemRefused("place_malformed", "location.address")
    return fields.cleaned(address, "location.address")


def _part(address: Mapping[str, Any], field: str) -> str:
    value = address.get(field)
    return str(value) if isinstance(value, str | int) else ""


def _hall(value: object) -> Any:
    """Return where people go: of several locations the first that is not only on the web.

    Source: schema.org/MixedEventAttendanceMode, which has a Place and a VirtualLocation.
    """
    listed = value if isinstance(value, list) else [value]
    real = [each for each in listed if not _is_virtual(each)]
    return _first([each for each in real if each is not None] or value)


def _is_virtual(place: object) -> bool:
    return isinstance(place, dict) and _short(str(place.get("@type"))) == "VirtualLocation"


def _point(place: object) -> tuple[float, float] | None:
    geo = place.get("geo") if isinstance(place, dict) else None
    if not isinstance(geo, dict):
        return None
    return fields.coordinates(geo.get("latitude"), geo.get("longitude"), "location.geo")


def _keywords(value: object) -> list[str]:
    words = value.split(",") if isinstance(value, str) else value if isinstance(value, list) else []
    texts = [word for word in words if isinstance(word, str)][: limits.JSON_DEPTH]
    return [fields.cleaned(word, "keywords") for word in texts if word.strip()]


def _audiences(value: object) -> list[str]:
    """Return what audiences are called. Source: schema.org/audienceType."""
    listed = (value if isinstance(value, list) else [value])[: limits.JSON_DEPTH]
    names = [each.get("audienceType") if isinstance(each, dict) else each for each in listed]
    return [fields.cleaned(name, "audience") for name in names if isinstance(name, str)]


def _first(value: object) -> Any:
    if isinstance(value, list):
        return value[0] if value else None
    return value

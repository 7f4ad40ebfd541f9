"""Reads iCalendar documents; runs in a process of its own, which may be killed."""

from datetime import UTC, datetime
from typing import Final

from icalendar import Calendar, use_zoneinfo

from services.events.content import EventContent
from services.events.ingest import fields, limits
from services.events.ingest.calendar_times import (
    Values,
    dates_of,
    end_of,
    moment_of,
    rule_of,
    several,
    with_plain_zones,
    zone_of,
)
from services.events.ingest.item import Item, Read, Status
from services.events.ingest.moments import check_period
from services.events.ingest.preflight import check_calendar
from services.events.ingest.reasons import ItemRefused, refusal

_STATUS: Final[dict[str, Status]] = {
    "": "published",
    "CONFIRMED": "published",
    "TENTATIVE": "published",
    "CANCELLED": "cancelled",
}
_READ: Final = frozenset(
    {"UID", "DTSTART", "DTEND", "DURATION", "SUMMARY", "DESCRIPTION", "LOCATION", "GEO", "STATUS"}
    | {"SEQUENCE", "RRULE", "EXDATE", "RDATE", "LAST-MODIFIED", "DTSTAMP", "RECURRENCE-ID"}
    | {"CATEGORIES", "URL"}
)


def read_document(body: bytes) -> list[Read]:
    """Return the events of a document, each taken or refused by itself.

    Raises:
        ItemRefused: the document as a whole cannot be read.
    """
    check_calendar(body)
    # icalendar keeps the zones of one document for the next; this forgets them.
    use_zoneinfo()  # type: ignore[no-untyped-call]  # icalendar leaves it untyped
    try:
        calendar = Calendar.from_ical(with_plain_zones(body))
        events = calendar.walk("VEVENT")
    except Exception as error:
        # The parser raises whatever its parts raise, AttributeError among it.
        raise ItemRefused("calendar_malformed") from error
    if not events:
        raise ItemRefused("not_an_event", "VEVENT")
    is_cancelled = str(calendar.get("METHOD", "")).upper() == "CANCEL"
    return [_read(event, is_cancelled=is_cancelled) for event in events]


def _read(event: Values, *, is_cancelled: bool) -> Read:
    key = ""
    try:
        key = fields.key(_text(event, "UID"), "UID")
        return _item(event, key, is_cancelled=is_cancelled)
    except ItemRefused as error:
        return refusal(key, error)
    except Exception:  # noqa: BLE001 - values of broken properties raise of many kinds
        return refusal(key, ItemRefused("calendar_malformed"))


def _item(event: Values, key: str, *, is_cancelled: bool) -> Item:
    _check_properties(event)
    if "DTSTART" not in event:
        raise ItemRefused("start_missing", "DTSTART")
    zone = zone_of(event)
    start = moment_of(event["DTSTART"], zone, "DTSTART")
    end = end_of(event, start, zone)
    check_period(start, end, "DTEND")
    point = _point(event)
    content = EventContent(
        title=fields.title(_text(event, "SUMMARY"), "SUMMARY"),
        description=fields.description(_text(event, "DESCRIPTION"), "DESCRIPTION"),
        place_name=fields.cleaned(_text(event, "LOCATION"), "LOCATION"),
        latitude=point[0] if point else None,
        longitude=point[1] if point else None,
        website=fields.link(_text(event, "URL"), "URL"),
        categories=[fields.cleaned(word, "CATEGORIES") for word in _categories(event)],
        starts=start.at,
        ends=end.at if end else None,
        all_day=start.is_day,
        zone=zone,
        recurrence=rule_of(event, start, zone),
        excluded=dates_of(event, "EXDATE", start, zone),
        added=dates_of(event, "RDATE", start, zone),
    )
    return Item(
        key=key,
        content=content,
        status="cancelled" if is_cancelled else _status(event),
        revision=fields.revision(event.get("SEQUENCE"), "SEQUENCE"),
        modified_at=_modified(event),
    )


def _check_properties(event: Values) -> None:
    for name, _ in event.errors:
        if name is None or str(name).upper() in _READ:
            raise ItemRefused("calendar_malformed", str(name or "VEVENT").upper())
    if "RECURRENCE-ID" in event:
        raise ItemRefused("changed_occurrence_not_supported", "RECURRENCE-ID")
    if "EXRULE" in event:
        raise ItemRefused("recurrence_part_not_allowed", "EXRULE")
    for name in ("DTSTART", "DTEND", "DURATION", "RRULE", "SUMMARY", "UID"):
        if isinstance(event.get(name), list):
            raise ItemRefused("calendar_malformed", name)


def _status(event: Values) -> Status:
    status = _text(event, "STATUS").upper()
    if status not in _STATUS:
        raise ItemRefused("status_unknown", "STATUS")
    return _STATUS[status]


def _modified(event: Values) -> datetime | None:
    source = event.get("LAST-MODIFIED") or event.get("DTSTAMP")
    if source is None:
        return None
    return moment_of(source, "UTC", "LAST-MODIFIED").at.replace(tzinfo=UTC)


def _point(event: Values) -> tuple[float, float] | None:
    geo = event.get("GEO")
    return None if geo is None else fields.coordinates(geo.latitude, geo.longitude, "GEO")


def _categories(event: Values) -> list[str]:
    words = [str(word) for each in several(event.get("CATEGORIES", [])) for word in each.cats]
    return [word for word in words if word.strip()][: limits.JSON_DEPTH]


def _text(event: Values, name: str) -> str:
    found = several(event.get(name, []))
    return str(found[0]) if found else ""

"""Reads iCalendar documents; runs in a process of its own, which may be killed."""

from icalendar import Calendar, use_zoneinfo

from services.events.content import EventContent
from services.events.ingest import fields, limits
from services.events.ingest.calendar_overrides import FIELD, change_of
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
from services.events.ingest.calendar_values import (
    check_properties,
    modified,
    revision,
    status,
    text,
)
from services.events.ingest.changed_dates import series_change, with_changes
from services.events.ingest.item import Item, Read
from services.events.ingest.moments import check_period
from services.events.ingest.preflight import check_calendar
from services.events.ingest.reasons import ItemRefused, refusal


def read_document(body: bytes) -> list[Read]:
    """Return the events of a document, each with its changed dates taken or refused by itself.

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
    by_uid = _by_uid(events)
    # Changed dates are counted by the series that they belong to.
    if sum(len(series) or 1 for series, _ in by_uid.values()) > limits.ITEMS:
        raise ItemRefused("too_many_items")
    return [
        _read(uid, event, overrides, is_cancelled=is_cancelled)
        for uid, (series, overrides) in by_uid.items()
        for event in series or [None]
    ]


def _by_uid(events: list[Values]) -> dict[str, tuple[list[Values], list[Values]]]:
    """Return for each UID, in their order, its events and the changed dates of series."""
    found: dict[str, tuple[list[Values], list[Values]]] = {}
    for event in events:
        both = found.setdefault(text(event, "UID"), ([], []))
        both["RECURRENCE-ID" in event].append(event)
    return found


def _read(uid: str, event: Values | None, overrides: list[Values], *, is_cancelled: bool) -> Read:
    """Read an event with its changed dates; one that cannot be read holds back its series."""
    key = ""
    try:
        key = fields.key(uid, "UID")
        item = _item(event, key, is_cancelled=is_cancelled) if event is not None else None
        zone = item.content.zone if item else None
        changes = [change_of(each, zone, is_cancelled=is_cancelled) for each in overrides]
        if item is None:
            return series_change(key, changes, FIELD)
        return with_changes(item, changes, FIELD) if changes else item
    except ItemRefused as error:
        return refusal(key, error)
    except Exception:  # noqa: BLE001 - values of broken properties raise of many kinds
        return refusal(key, ItemRefused("calendar_malformed"))


def _item(event: Values, key: str, *, is_cancelled: bool) -> Item:
    check_properties(event)
    if "DTSTART" not in event:
        raise ItemRefused("start_missing", "DTSTART")
    zone = zone_of(event)
    start = moment_of(event["DTSTART"], zone, "DTSTART")
    end = end_of(event, start, zone)
    check_period(start, end, "DTEND")
    point = _point(event)
    content = EventContent(
        title=fields.title(text(event, "SUMMARY"), "SUMMARY"),
        description=fields.description(text(event, "DESCRIPTION"), "DESCRIPTION"),
        place_name=fields.cleaned(text(event, "LOCATION"), "LOCATION"),
        latitude=point[0] if point else None,
        longitude=point[1] if point else None,
        website=fields.link(text(event, "URL"), "URL"),
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
        status="cancelled" if is_cancelled else status(event),
        revision=revision(event),
        modified_at=modified(event),
    )


def _point(event: Values) -> tuple[float, float] | None:
    geo = event.get("GEO")
    return None if geo is None else fields.coordinates(geo.latitude, geo.longitude, "GEO")


def _categories(event: Values) -> list[str]:
    words = [str(word) for each in several(event.get("CATEGORIES", [])) for word in each.cats]
    return [word for word in words if word.strip()][: limits.JSON_DEPTH]

"""Reads our own plain event JSON, for partners who speak no standard."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, Final

from services.events.content import DEFAULT_ZONE, EventContent
from services.events.ingest import fields, limits
from services.events.ingest.changed_dates import with_changes
from services.events.ingest.item import DateChange, Item, Status, Withdrawal
from services.events.ingest.moments import (
    Moment,
    check_period,
    last_day_included,
    read_moment,
    read_zone,
)
from services.events.ingest.reasons import ItemRefused
from services.events.recurrence_rule import RuleRefused, checked_rule
from shared.ical.timezone import zone_rule

_STATUS: Final[Mapping[str, Status]] = {
    "": "published",
    "scheduled": "published",
    "cancelled": "cancelled",
    "postponed": "postponed",
}


def key_of(given: Mapping[str, Any]) -> str:
    """Return the item's id.

    Raises:
        ItemRefused: it has none.
    """
    return fields.key(given.get("id"), "id")


def read_item(given: Mapping[str, Any]) -> Item | Withdrawal:
    """Return the event that `given` describes, or that it is taken back (`status: deleted`).

    Raises:
        ItemRefused: names the first field that is wrong.
    """
    if given.get("status") == "deleted":
        return Withdrawal(
            key=key_of(given),
            revision=fields.revision(given.get("version"), "version"),
            modified_at=modified(given.get("modified"), "modified"),
        )
    item = Item(
        key=key_of(given),
        content=_content(given),
        status=_status(given),
        revision=fields.revision(given.get("version"), "version"),
        modified_at=modified(given.get("modified"), "modified"),
    )
    return _with_changed_dates(item, given)


def modified(value: object, field: str) -> datetime | None:
    """Return the instant of a partner's last change, None where it tells none.

    Raises:
        ItemRefused: it is no date.
    """
    if value is None or value == "":
        return None
    return read_moment(value, "UTC", field).at.replace(tzinfo=UTC)


def _content(given: Mapping[str, Any]) -> EventContent:
    zone = read_zone(given.get("zone"), "zone", DEFAULT_ZONE)
    start, end = _period(given, zone)
    place = _place(given.get("place"))
    point = fields.coordinates(place.get("latitude"), place.get("longitude"), "place")
    return EventContent(
        title=fields.title(fields.text(given, "title", limits.DESCRIPTION_LENGTH), "title"),
        description=fields.description(_long_text(given), "description"),
        place_name=fields.text(place, "name"),
        place_address=fields.text(place, "address"),
        latitude=point[0] if point else None,
        longitude=point[1] if point else None,
        organiser=fields.text(given, "organiser"),
        website=_link(given, "website"),
        categories=_texts(given, "categories"),
        audiences=_texts(given, "audiences"),
        price=fields.text(given, "price"),
        registration_url=_link(given, "registration"),
        starts=start.at,
        ends=end.at if end else None,
        all_day=start.is_day,
        zone=zone,
        recurrence=_rule(given, start, zone),
        excluded=_moments(given, "except", zone),
    )


def _link(given: Mapping[str, Any], field: str) -> str:
    return fields.link(fields.text(given, field, limits.LINK_LENGTH), field)


def _period(given: Mapping[str, Any], zone: str) -> tuple[Moment, Moment | None]:
    if given.get("starts") in (None, ""):
        raise ItemRefused("start_missing", "starts")
    start = read_moment(given["starts"], zone, "starts")
    end = None
    if given.get("ends") not in (None, ""):
        end = last_day_included(read_moment(given["ends"], zone, "ends"))
    check_period(start, end, "ends")
    return start, end


def _place(value: object) -> Mapping[str, Any]:
    if value is None:
        return {}
    if isinstance(value, str):
        return {"name": value}
    if not isinstance(value, dict):
        raise ItemRefused("place_malformed", "place")
    return value


def _long_text(given: Mapping[str, Any]) -> str:
    value = given.get("description")
    if value is not None and not isinstance(value, str):
        raise ItemRefused("text_expected", "description")
    return value or ""


def _texts(given: Mapping[str, Any], field: str) -> list[str]:
    values = given.get(field) or []
    if not isinstance(values, list) or not all(isinstance(value, str) for value in values):
        raise ItemRefused("text_expected", field)
    return [fields.cleaned(value, field) for value in values[: limits.JSON_DEPTH]]


def _moments(given: Mapping[str, Any], field: str, zone: str) -> list[datetime]:
    values = given.get(field) or []
    if not isinstance(values, list) or len(values) > limits.LISTED_DATES:
        raise ItemRefused("too_many_dates", field)
    return sorted({read_moment(value, zone, field).at for value in values})


def _with_changed_dates(item: Item, given: Mapping[str, Any]) -> Item:
    values = given.get("changed") or []
    if not isinstance(values, list) or not all(isinstance(value, dict) for value in values):
        raise ItemRefused("changed_malformed", "changed")
    if len(values) > limits.LISTED_DATES:
        raise ItemRefused("too_many_dates", "changed")
    changes = [_change(value, item.content.zone) for value in values]
    return with_changes(item, changes, "changed") if changes else item


def _change(value: Mapping[str, Any], zone: str) -> DateChange:
    original = read_moment(value.get("original"), zone, "changed")
    is_cancelled = value.get("cancelled", False)
    if not isinstance(is_cancelled, bool):
        raise ItemRefused("changed_malformed", "changed")
    try:
        start, end = (original, None) if is_cancelled else _period(value, zone)
    except ItemRefused as error:
        raise ItemRefused(error.reason, "changed") from error
    if start.is_day != original.is_day:
        raise ItemRefused("changed_kind_differs", "changed")
    return DateChange(
        original=original.at,
        starts=start.at,
        ends=end.at if end else None,
        all_day=original.is_day,
        zone=zone,
        is_cancelled=is_cancelled,
    )


def _rule(given: Mapping[str, Any], start: Moment, zone: str) -> str:
    rule = fields.text(given, "recurrence")
    if not rule:
        return ""
    if zone_rule(zone) is None:
        raise ItemRefused("recurrence_zone", "zone")
    try:
        return checked_rule(rule, start.at, zone, all_day=start.is_day)
    except RuleRefused as error:
        raise ItemRefused(error.reason, "recurrence") from error


def _status(given: Mapping[str, Any]) -> Status:
    status = fields.text(given, "status").lower()
    if status not in _STATUS:
        raise ItemRefused("status_unknown", "status")
    return _STATUS[status]

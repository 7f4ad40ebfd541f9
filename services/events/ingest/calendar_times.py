"""Reads the times of parsed iCalendar events as wall-clock times of one zone."""

import re
from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from typing import Any, Final, TypeAlias

from icalendar.timezone.windows_to_olson import WINDOWS_TO_OLSON

from services.events.content import DEFAULT_ZONE, EARLIEST_YEAR, LATEST_YEAR
from services.events.ingest import limits
from services.events.ingest.moments import Moment
from services.events.ingest.reasons import ItemRefused
from services.events.recurrence_rule import RuleRefused, checked_rule
from shared.ical.timezone import instant, is_zone, wall_clock, zone_rule

Values: TypeAlias = Any
"""A parsed VEVENT: by name, values of some thirty classes, or lists of them."""

_UNIQUE_ZONE: Final = re.compile(rb'(TZID[=:]"?)/([^:;"\r\n]+)')


def with_plain_zones(document: bytes) -> bytes:
    """Return a document whose globally unique zone names (`/vendor/Europe/Berlin`) are plain ones.

    Source: RFC 5545 3.8.3.1; icalendar takes the leading slash for a path and gives up.
    """
    return _UNIQUE_ZONE.sub(_plain_zone, document)


def zone_of(event: Values) -> str:
    """Return the zone on whose clock the event is kept.

    Raises:
        ItemRefused: a series stands in a zone that only the document knows.
    """
    start = event["DTSTART"]
    named = _zone_named(start.params)
    if named is not None:
        return named
    if "RRULE" in event and isinstance(start.dt, datetime):
        if "TZID" in start.params:
            raise ItemRefused("recurrence_zone", "DTSTART")
        if start.dt.tzinfo is not None:
            return "UTC"
    return DEFAULT_ZONE


def _zone_named(parameters: Mapping[str, Any]) -> str | None:
    """Return the IANA zone that TZID means; the name decides, not the document's VTIMEZONE."""
    name = str(parameters.get("TZID", "")).strip()
    name = WINDOWS_TO_OLSON.get(name, name)
    return name if name and is_zone(name) else None


def end_of(event: Values, start: Moment, zone: str) -> Moment | None:
    """Return the exclusive end, from DTEND or DURATION; None where there is neither.

    Raises:
        ItemRefused: it is no time.
    """
    if "DTEND" in event:
        end = moment_of(event["DTEND"], zone, "DTEND")
        # Source: RFC 5545 3.6.1, DTEND is exclusive; equal to DTSTART it can only mean one day.
        return None if start.is_day and end == start else end
    if "DURATION" in event:
        lasts = event["DURATION"].dt
        if not isinstance(lasts, timedelta):
            raise ItemRefused("date_malformed", "DURATION")
        return Moment(start.at + lasts, start.is_day) if lasts else None
    return None


def moment_of(source: Any, zone: str, field: str) -> Moment:
    """Return what the clocks of `zone` show at a property's date or time.

    Raises:
        ItemRefused: no time, out of range, or in a zone that nobody knows.
    """
    value = source.dt
    is_day = isinstance(value, date) and not isinstance(value, datetime)
    if is_day:
        at = datetime.combine(value, time.min)
    elif isinstance(value, datetime):
        at = _wall_clock(value, source.params, zone, field)
    else:
        raise ItemRefused("date_malformed", field)
    if not EARLIEST_YEAR <= at.year < LATEST_YEAR:
        raise ItemRefused("date_out_of_range", field)
    return Moment(at.replace(microsecond=0), is_day)


def _wall_clock(value: datetime, parameters: Mapping[str, Any], zone: str, field: str) -> datetime:
    named = _zone_named(parameters)
    floating = value.replace(tzinfo=None)
    if named is not None:
        return floating if named == zone else wall_clock(instant(floating, named), zone)
    if value.tzinfo is not None:
        return wall_clock(value, zone)
    if "TZID" in parameters:
        raise ItemRefused("zone_unknown", field)
    return floating


def rule_of(event: Values, start: Moment, zone: str) -> str:
    """Return the recurrence rule in our spelling, empty where there is none.

    Raises:
        ItemRefused: it breaks a limit, or the zone has no rule to repeat by.
    """
    if "RRULE" not in event:
        return ""
    if zone_rule(zone) is None:
        raise ItemRefused("recurrence_zone", "DTSTART")
    try:
        rule = str(event["RRULE"].to_ical(), "utf-8")
        return checked_rule(rule, start.at, zone, all_day=start.is_day)
    except RuleRefused as error:
        raise ItemRefused(error.reason, "RRULE") from error


def dates_of(event: Values, field: str, start: Moment, zone: str) -> list[datetime]:
    """Return the dates of EXDATE or RDATE, in order.

    Raises:
        ItemRefused: too many, or not of DTSTART's kind.
    """
    found = event.get(field, [])
    values = [value for each in several(found) for value in each.dts]
    if len(values) > limits.LISTED_DATES:
        raise ItemRefused("too_many_dates", field)
    moments = [moment_of(value, zone, field) for value in values]
    if any(moment.is_day != start.is_day for moment in moments):
        raise ItemRefused("date_malformed", field)
    return sorted({moment.at for moment in moments})


def several(value: Any) -> list[Any]:
    """Return the values of a property that may stand once or more often."""
    return value if isinstance(value, list) else [value]


def _plain_zone(found: re.Match[bytes]) -> bytes:
    parts = found[2].decode().split("/")
    names = ["/".join(parts[-length:]) for length in (3, 2, 1)]
    return found[1] + next((name for name in names if is_zone(name)), "-".join(parts)).encode()

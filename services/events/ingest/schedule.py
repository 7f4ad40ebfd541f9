"""Reads schema.org/Schedule, by which a page says how often something is repeated."""

import re
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, Final

import msgspec

from services.events.content import DEFAULT_ZONE
from services.events.ingest import limits
from services.events.ingest.moments import Moment, check_period, read_moment, read_zone
from services.events.ingest.reasons import ItemRefused
from services.events.recurrence_rule import RuleRefused, checked_rule, first_fitting
from shared.ical.timezone import zone_rule

FIELD: Final = "eventSchedule"
_EVERY: Final = re.compile(r"P(\d{1,3})([DWMY])")
_UNITS: Final = {"D": "DAILY", "W": "WEEKLY", "M": "MONTHLY", "Y": "YEARLY"}
_WORDS: Final = {"DAILY", "WEEKLY", "MONTHLY", "YEARLY"}
_DAY: Final = re.compile(r"([+-]?\d)?(MO|TU|WE|TH|FR|SA|SU)[A-Z]*")
_LASTS: Final = re.compile(r"P(?:(\d{1,3})D)?(?:T(?:(\d{1,3})H)?(?:(\d{1,4})M)?(?:\d+S)?)?")


class Scheduled(msgspec.Struct, frozen=True, kw_only=True):
    """When a series takes place."""

    start: Moment
    """Its first date."""
    end: Moment | None
    zone: str
    recurrence: str
    excluded: list[datetime]


def read_schedule(given: Mapping[str, Any]) -> Scheduled:
    """Return when the event that `given` describes is repeated.

    The event's own startDate is the first date, else the schedule's with its startTime; where that
    is no day of the schedule, the next one that is.

    Raises:
        ItemRefused: names the first field that is wrong.
    """
    schedule = given[FIELD]
    if isinstance(schedule, list) and len(schedule) == 1:
        schedule = schedule[0]
    if not isinstance(schedule, dict):
        raise ItemRefused("recurrence_not_supported", FIELD)
    zone = read_zone(schedule.get("scheduleTimezone"), f"{FIELD}.scheduleTimezone", DEFAULT_ZONE)
    if zone_rule(zone) is None:
        raise ItemRefused("recurrence_zone", f"{FIELD}.scheduleTimezone")
    start = _start(given, schedule, zone)
    try:
        rule = _rule(schedule)
        first = Moment(first_fitting(rule, start.at), start.is_day)
        recurrence = checked_rule(rule, first.at, zone, all_day=first.is_day)
    except RuleRefused as error:
        raise ItemRefused(error.reason, FIELD) from error
    end = _end(schedule, first)
    check_period(first, end, FIELD)
    return Scheduled(
        start=first,
        end=end,
        zone=zone,
        recurrence=recurrence,
        excluded=_excluded(schedule, first, zone),
    )


def _start(given: Mapping[str, Any], schedule: Mapping[str, Any], zone: str) -> Moment:
    if given.get("startDate"):
        return read_moment(given["startDate"], zone, "startDate")
    day = schedule.get("startDate")
    if not isinstance(day, str) or not day:
        raise ItemRefused("start_missing", f"{FIELD}.startDate")
    hour = schedule.get("startTime")
    text = f"{day[:10]}T{hour}" if isinstance(hour, str) and hour else day
    return read_moment(text, zone, f"{FIELD}.startDate")


def _end(schedule: Mapping[str, Any], first: Moment) -> Moment | None:
    lasts, hour = schedule.get("duration"), schedule.get("endTime")
    if lasts:
        found = _LASTS.fullmatch(str(lasts))
        if found is None:
            raise ItemRefused("date_malformed", f"{FIELD}.duration")
        days, hours, minutes = (int(part or 0) for part in found.groups())
        if first.is_day and (hours or minutes):
            raise ItemRefused("end_kind_differs", f"{FIELD}.duration")
        return Moment(first.at + timedelta(days=days, hours=hours, minutes=minutes), first.is_day)
    if not isinstance(hour, str) or not hour or first.is_day:
        return None
    end = read_moment(f"{first.at:%Y-%m-%d}T{hour}", DEFAULT_ZONE, f"{FIELD}.endTime")
    return Moment(end.at + timedelta(days=end.at <= first.at), is_day=False)


def _rule(schedule: Mapping[str, Any]) -> str:
    """Return the RRULE that says the same, not checked yet."""
    every = str(schedule.get("repeatFrequency", "")).rsplit("/", 1)[-1].upper()
    found = _EVERY.fullmatch(every)
    if found is None and every not in _WORDS:
        raise ItemRefused("recurrence_frequency", f"{FIELD}.repeatFrequency")
    parts = [f"FREQ={_UNITS[found[2]]};INTERVAL={int(found[1])}" if found else f"FREQ={every}"]
    if days := _listed(schedule.get("byDay")):
        week = schedule.get("byMonthWeek")
        parts.append(f"BYDAY={','.join(_day(day, week) for day in days)}")
    for name, ours in (("byMonthDay", "BYMONTHDAY"), ("byMonth", "BYMONTH")):
        if values := _listed(schedule.get(name)):
            parts.append(f"{ours}={','.join(str(value) for value in values)}")
    until = schedule.get("endDate")
    if schedule.get("repeatCount"):
        parts.append(f"COUNT={schedule['repeatCount']}")
    elif until:
        end = read_moment(until, DEFAULT_ZONE, f"{FIELD}.endDate")
        parts.append(f"UNTIL={end.at:%Y%m%d}")
    return ";".join(parts)


def _day(value: object, week: object) -> str:
    """Return `https://schema.org/Monday`, `Monday` or `MO` as RRULE writes it."""
    name = str(value).rsplit("/", 1)[-1].removeprefix("schema:").upper()
    found = _DAY.fullmatch(name)
    if found is None:
        raise ItemRefused("recurrence_malformed", f"{FIELD}.byDay")
    return f"{found[1] or (week or '')}{found[2]}"


def _excluded(schedule: Mapping[str, Any], first: Moment, zone: str) -> list[datetime]:
    field = f"{FIELD}.exceptDate"
    values = _listed(schedule.get("exceptDate"))
    if len(values) > limits.LISTED_DATES:
        raise ItemRefused("too_many_dates", field)
    moments = [read_moment(value, zone, field) for value in values]
    return sorted(
        {datetime.combine(each.at, first.at.time()) if each.is_day else each.at for each in moments}
    )


def _listed(value: Any) -> list[Any]:
    if value is None or value == "":
        return []
    return value if isinstance(value, list) else [value]

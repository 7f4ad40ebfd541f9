"""Takes recurrence rules from outside only where they end in good time and mean one thing."""

import calendar
import re
from datetime import datetime, timedelta
from typing import Final

from services.events.recurrence import first_date
from shared.ical.timezone import instant

FREQUENCIES: Final = ("DAILY", "WEEKLY", "MONTHLY", "YEARLY")
MOST_INTERVAL: Final = 366
MOST_COUNT: Final = 1_000
MOST_VALUES: Final = 12
MOST_ORDINAL: Final = 5
MOST_DAYS: Final = 31
MONTHS: Final = 12
WEEKDAYS: Final = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")

_LISTS: Final = ("BYDAY", "BYMONTHDAY", "BYMONTH", "BYSETPOS")
_ALLOWED: Final = ("FREQ", "INTERVAL", "COUNT", "UNTIL", "WKST", *_LISTS)
_DAY: Final = re.compile(r"([+-]?\d{1,2})?([A-Z]{2})")
_NUMBER: Final = re.compile(r"[+-]?\d{1,5}", re.ASCII)


class RuleRefused(ValueError):
    """A recurrence that this calendar does not take; `reason` is a stable code."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def checked_rule(text: str, starts: datetime, zone: str, *, all_day: bool) -> str:
    """Return the RRULE value `text` in our spelling: upper case, UNTIL in UTC (or a date).

    Raises:
        RuleRefused: it breaks a limit, or `starts` is not its first date.
    """
    parts = _parts(text)
    _check_limits(parts)
    # Source: RFC 5545 3.8.5.3, the result is undefined where DTSTART is not in the rule. A start
    # that is in the rule also keeps its expansion short: impossible rules are searched for ever.
    if not _may_hold(parts, starts):
        raise RuleRefused("recurrence_start_not_in_rule")
    if "UNTIL" in parts:
        parts["UNTIL"] = _until(parts["UNTIL"], zone, all_day=all_day)
    rule = ";".join(f"{name}={value}" for name, value in parts.items())
    if first_date(rule, starts, zone) != starts:
        raise RuleRefused("recurrence_start_not_in_rule")
    return rule


def first_fitting(text: str, starts: datetime) -> datetime:
    """Return `starts`, or the next day at its hour that passes the filters of the rule `text`.

    Where none does within a year, `starts` itself, which `checked_rule` then refuses.

    Raises:
        RuleRefused: it breaks a limit.
    """
    parts = _parts(text)
    _check_limits(parts)
    days = (starts + timedelta(days=day) for day in range(MOST_INTERVAL))
    return next((day for day in days if _may_hold(parts, day)), starts)


def _parts(text: str) -> dict[str, str]:
    parts: dict[str, str] = {}
    for piece in text.upper().strip().strip(";").split(";"):
        name, separator, value = piece.partition("=")
        if not separator or not value or name in parts:
            raise RuleRefused("recurrence_malformed")
        if name not in _ALLOWED:
            raise RuleRefused("recurrence_part_not_allowed")
        parts[name] = value
    return parts


def _check_limits(parts: dict[str, str]) -> None:
    if parts.get("FREQ") not in FREQUENCIES:
        raise RuleRefused("recurrence_frequency")
    _check_values(parts)
    if not 1 <= _number(parts.get("INTERVAL", "1")) <= MOST_INTERVAL:
        raise RuleRefused("recurrence_interval")
    if not 1 <= _number(parts.get("COUNT", "1")) <= MOST_COUNT:
        raise RuleRefused("recurrence_count")
    if "BYSETPOS" in parts and parts["FREQ"] not in ("MONTHLY", "YEARLY"):
        raise RuleRefused("recurrence_part_not_allowed")
    if any(parts.get(name, "").count(",") >= MOST_VALUES for name in _LISTS):
        raise RuleRefused("recurrence_too_many_values")


def _check_values(parts: dict[str, str]) -> None:
    if "COUNT" in parts and "UNTIL" in parts:
        raise RuleRefused("recurrence_malformed")
    if parts.get("WKST", "MO") not in WEEKDAYS:
        raise RuleRefused("recurrence_malformed")
    for name, most in (("BYMONTH", MONTHS), ("BYMONTHDAY", MOST_DAYS), ("BYSETPOS", MOST_DAYS)):
        if any(not 1 <= abs(number) <= most for number in _numbers(parts, name)):
            raise RuleRefused("recurrence_malformed")


def _may_hold(parts: dict[str, str], starts: datetime) -> bool:
    """Say whether `starts` passes every filter of the rule but BYSETPOS."""
    last = calendar.monthrange(starts.year, starts.month)[1]
    months, month_days = _numbers(parts, "BYMONTH"), _numbers(parts, "BYMONTHDAY")
    return (
        (not months or starts.month in months)
        and (not month_days or bool({starts.day, starts.day - last - 1} & set(month_days)))
        and ("BYDAY" not in parts or any(_is_day(day, parts, starts) for day in _days(parts)))
    )


def _days(parts: dict[str, str]) -> list[tuple[int, str]]:
    """Return BYDAY as ordinals (0 for every) and weekdays."""
    days = []
    for value in parts["BYDAY"].split(","):
        found = _DAY.fullmatch(value)
        if found is None or found[2] not in WEEKDAYS:
            raise RuleRefused("recurrence_malformed")
        ordinal = int(found[1] or 0)
        wrong = found[1] and not 1 <= abs(ordinal) <= MOST_ORDINAL
        if wrong or (ordinal and parts["FREQ"] in ("DAILY", "WEEKLY")):
            raise RuleRefused("recurrence_malformed")
        days.append((ordinal, found[2]))
    return days


def _is_day(day: tuple[int, str], parts: dict[str, str], starts: datetime) -> bool:
    ordinal, weekday = day
    if WEEKDAYS[starts.weekday()] != weekday:
        return False
    if not ordinal:
        return True
    number, length = starts.day, calendar.monthrange(starts.year, starts.month)[1]
    if parts["FREQ"] == "YEARLY" and "BYMONTH" not in parts:
        number, length = starts.timetuple().tm_yday, 365 + calendar.isleap(starts.year)
    return ordinal in ((number - 1) // 7 + 1, -((length - number) // 7) - 1)


def _numbers(parts: dict[str, str], name: str) -> list[int]:
    return [_number(value) for value in parts[name].split(",")] if name in parts else []


def _number(text: str) -> int:
    if not _NUMBER.fullmatch(text):
        raise RuleRefused("recurrence_malformed")
    return int(text)


def _until(text: str, zone: str, *, all_day: bool) -> str:
    """Return UNTIL as RFC 5545 3.3.10 wants it: a date for all-day events, else in UTC."""
    try:
        if all_day or "T" not in text:
            end = datetime.strptime(text[:8], "%Y%m%d")  # noqa: DTZ007 - wall clock
            if all_day:
                return f"{end:%Y%m%d}"
            end = end.replace(hour=23, minute=59, second=59)
        elif text.endswith("Z"):
            return f"{datetime.strptime(text, '%Y%m%dT%H%M%SZ'):%Y%m%dT%H%M%SZ}"  # noqa: DTZ007 - Z
        else:
            end = datetime.strptime(text, "%Y%m%dT%H%M%S")  # noqa: DTZ007 - wall clock
        return f"{instant(end, zone):%Y%m%dT%H%M%SZ}"
    except (ValueError, OverflowError) as error:
        raise RuleRefused("recurrence_until") from error

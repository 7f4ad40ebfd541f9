"""Writes the VTIMEZONE of a zone as yearly rules, which is the form that every client reads."""

from datetime import timedelta
from functools import cache
from typing import Final

from shared.ical.text import line
from shared.ical.timezone import Change, Period, zone_rule

FIRST_YEAR: Final = 1970
_WEEKDAYS: Final = ("SU", "MO", "TU", "WE", "TH", "FR", "SA")


@cache
def vtimezone(name: str) -> bytes:
    """Return the VTIMEZONE of zone `name`; empty where its events are written in UTC.

    Each observance starts with RRULE and a DTSTART in the offset that it ends.
    Source: RFC 5545 3.6.5; Outlook reads nothing else (MS-STANOICAL 2.2.47), ical.js reads only
    the first value of an RDATE.
    """
    rule = zone_rule(name)
    if rule is None or name == "UTC":
        return b""
    if rule.daylight is None:
        observances = [_observance("STANDARD", rule.standard, rule.standard)]
    else:
        observances = [
            _observance("DAYLIGHT", rule.daylight, rule.standard),
            _observance("STANDARD", rule.standard, rule.daylight),
        ]
    inner = [line("TZID", name), *observances]
    return b"".join([b"BEGIN:VTIMEZONE\r\n", *inner, b"END:VTIMEZONE\r\n"])


def _observance(kind: str, period: Period, before: Period) -> bytes:
    lines = [line("BEGIN", kind)]
    if period.starts is None:
        lines.append(line("DTSTART", f"{FIRST_YEAR}0101T000000"))
    else:
        lines.append(line("DTSTART", f"{period.starts.in_year(FIRST_YEAR):%Y%m%dT%H%M%S}"))
        lines.append(line("RRULE", _yearly(period.starts)))
    lines += [
        line("TZOFFSETFROM", _offset(before.offset)),
        line("TZOFFSETTO", _offset(period.offset)),
        line("TZNAME", period.abbreviation),
        line("END", kind),
    ]
    return b"".join(lines)


def _yearly(change: Change) -> str:
    week = -1 if change.week == 5 else change.week  # noqa: PLR2004 - POSIX writes the last week as 5
    return f"FREQ=YEARLY;BYMONTH={change.month};BYDAY={week}{_WEEKDAYS[change.weekday]}"


def _offset(offset: timedelta) -> str:
    seconds = int(offset.total_seconds())
    sign = "-" if seconds < 0 else "+"
    hours, rest = divmod(abs(seconds), 3600)
    tail = f"{rest % 60:02}" if rest % 60 else ""
    return f"{sign}{hours:02}{rest // 60:02}{tail}"

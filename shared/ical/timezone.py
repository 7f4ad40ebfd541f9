"""Time zones from the pinned tz data, so that every machine computes the same feed bytes."""

import re
from datetime import UTC, datetime, timedelta
from functools import cache
from importlib.resources import files
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import msgspec

CHECKED_YEARS = range(2025, 2038)
"""For these years a zone's rule must agree with its recorded changes, or the rule is not used."""

_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_+-]*(?:/[A-Za-z0-9_+-]+){0,2}")
_ABBREVIATION = r"(<[A-Za-z0-9+-]+>|[A-Za-z]+)"
_OFFSET = r"([+-]?\d+(?::\d+){0,2})"
_RULE = r",M(\d+)\.(\d)\.(\d)(?:/([+-]?\d+(?::\d+){0,2}))?"
_FOOTER = re.compile(f"{_ABBREVIATION}{_OFFSET}(?:{_ABBREVIATION}{_OFFSET}?{_RULE}{_RULE})?")


class Change(msgspec.Struct, frozen=True):
    """A yearly change of the clock, in the local time that ends with it."""

    month: int
    week: int
    """1 to 4 counted from the start of the month, 5 for the last."""
    weekday: int
    """0 is Sunday, as in POSIX."""
    at: timedelta
    """Local time of day, from 0 up to 24 hours."""

    def in_year(self, year: int) -> datetime:
        """Return the local time (naive) at which the clock changes in `year`."""
        if self.week == 5:  # noqa: PLR2004 - POSIX writes the last week as 5
            last = datetime(year + self.month // 12, self.month % 12 + 1, 1) - timedelta(days=1)  # noqa: DTZ001 - wall clock
            return last - timedelta(days=(last.isoweekday() - self.weekday) % 7) + self.at
        first = datetime(year, self.month, 1)  # noqa: DTZ001 - wall clock
        days = (self.weekday - first.isoweekday()) % 7 + 7 * (self.week - 1)
        return first + timedelta(days=days) + self.at


class Period(msgspec.Struct, frozen=True):
    """One of a zone's offsets, with the yearly change that starts it."""

    abbreviation: str
    offset: timedelta
    starts: Change | None
    """None where the offset holds all year."""


class ZoneRule(msgspec.Struct, frozen=True):
    """How a zone's clock runs from now on: one offset, or two that alternate every year."""

    standard: Period
    daylight: Period | None


def is_zone(name: str) -> bool:
    """Say whether `name` is an IANA zone that events can stand in."""
    try:
        zone(name)
    except ZoneInfoNotFoundError:
        return False
    return True


@cache
def zone(name: str) -> ZoneInfo:
    """Return the zone `name` from the tzdata package and never from the machine.

    Raises:
        ZoneInfoNotFoundError: there is no such zone.
    """
    try:
        with files("tzdata").joinpath("zoneinfo", *_parts(name)).open("rb") as data:
            return ZoneInfo.from_file(data, key=name)
    except (OSError, ValueError) as error:
        raise ZoneInfoNotFoundError(f"no time zone {name!r}") from error


def instant(wall_clock: datetime, name: str) -> datetime:
    """Return the instant (UTC) at which the clocks of zone `name` show `wall_clock` (naive).

    A time that the spring change skips counts with the offset before it, one that the autumn
    change repeats is its first passing.
    Source: RFC 5545 3.3.5.
    """
    return wall_clock.replace(tzinfo=zone(name)).astimezone(UTC)


def wall_clock(at: datetime, name: str) -> datetime:
    """Return what the clocks of zone `name` show (naive) at the instant `at`."""
    return at.astimezone(zone(name)).replace(tzinfo=None)


@cache
def zone_rule(name: str) -> ZoneRule | None:
    """Return the yearly rule of zone `name`, None if no RRULE that clients understand says it.

    Source: POSIX TZ string in the footer of the TZif file (RFC 8536 3.3); a rule outside
    Outlook's limits (MS-OXCICAL 2.1.3.1.1.19.2.2) or overruled by recorded changes is not used.
    """
    data = files("tzdata").joinpath("zoneinfo", *_parts(name)).read_bytes()
    rule = _parsed(data.rsplit(b"\n", 2)[1].decode("ascii"))
    return rule if rule is not None and _agrees(rule, zone(name)) else None


def _parts(name: str) -> list[str]:
    if not _NAME.fullmatch(name):
        raise ZoneInfoNotFoundError(f"no time zone {name!r}")
    return name.split("/")


def _parsed(footer: str) -> ZoneRule | None:
    found = _FOOTER.fullmatch(footer)
    if found is None:
        return None
    standard, offset, daylight, daylight_offset, *changes = found.groups()
    east = -_duration(offset)
    if daylight is None:
        return ZoneRule(Period(standard.strip("<>"), east, None), None)
    summer = -_duration(daylight_offset) if daylight_offset else east + timedelta(hours=1)
    to_daylight, to_standard = _change(changes[:4]), _change(changes[4:])
    if to_daylight is None or to_standard is None:
        return None
    periods = [
        Period(standard.strip("<>"), east, to_standard),
        Period(daylight.strip("<>"), summer, to_daylight),
    ]
    # Dublin calls its winter time the daylight time; clients expect the larger offset to be it.
    periods.sort(key=lambda period: period.offset)
    return ZoneRule(*periods)


def _change(parts: list[str | None]) -> Change | None:
    month, week, weekday, time = parts
    at = _duration(time) if time else timedelta(hours=2)
    if not timedelta(0) <= at < timedelta(days=1):
        return None
    return Change(int(month or 0), int(week or 0), int(weekday or 0), at)


def _duration(text: str) -> timedelta:
    hours, minutes, seconds = (*map(int, text.lstrip("+-").split(":")), 0, 0)[:3]
    size = timedelta(hours=hours, minutes=minutes, seconds=seconds)
    return -size if text.startswith("-") else size


def _agrees(rule: ZoneRule, clock: ZoneInfo) -> bool:
    return all(at.astimezone(clock).utcoffset() == offset for at, offset in _samples(rule))


def _samples(rule: ZoneRule) -> list[tuple[datetime, timedelta]]:
    """Return instants of the checked years with the offset that the rule gives them."""
    changes = _instants_of_change(rule)
    around = [at + step for at, _ in changes for step in (timedelta(seconds=-1), timedelta(0))]
    noons = [
        datetime(year, month, 15, 12, tzinfo=UTC)
        for year in CHECKED_YEARS
        for month in range(1, 13)
    ]
    samples = []
    for at in sorted(around + noons):
        past = [offset for changed_at, offset in changes if changed_at <= at]
        if past or not changes:
            samples.append((at, past[-1] if past else rule.standard.offset))
    return samples


def _instants_of_change(rule: ZoneRule) -> list[tuple[datetime, timedelta]]:
    if rule.daylight is None:
        return []
    pairs = ((rule.daylight, rule.standard), (rule.standard, rule.daylight))
    return sorted(
        ((after.starts.in_year(year) - before.offset).replace(tzinfo=UTC), after.offset)
        for year in CHECKED_YEARS
        for after, before in pairs
        if after.starts is not None
    )

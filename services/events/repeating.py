"""Says how an event is repeated as people say it, and turns that into a rule and back."""

from datetime import date, datetime, time, timedelta
from typing import Final, Literal

import msgspec

from services.events.content import EventContent, EventTimes
from services.events.recurrence import first_date, occurrences
from services.events.recurrence_rule import WEEKDAYS, checked_rule
from shared.errors import Malformed
from shared.german import german_day, long_day
from shared.ical.timezone import wall_clock

Repeats = Literal["once", "daily", "weekly", "monthly_weekday", "monthly_day", "yearly"]
Weekday = Literal["MO", "TU", "WE", "TH", "FR", "SA", "SU"]
LAST: Final = -1
ORDINALS: Final = (1, 2, 3, 4, LAST)
DAYS_IN_WEEK: Final = 7
_FREQUENCIES: Final[dict[Repeats, str]] = {
    "daily": "DAILY",
    "weekly": "WEEKLY",
    "monthly_weekday": "MONTHLY",
    "monthly_day": "MONTHLY",
    "yearly": "YEARLY",
}
_DAY: Final = timedelta(days=1)


class Repetition(msgspec.Struct, frozen=True, kw_only=True):
    """How an event is repeated; what a kind of repetition does not need is left as it is."""

    repeats: Repeats = "once"
    interval: int = 1
    """Every so many days, weeks, months or years."""
    weekdays: tuple[Weekday, ...] = ()
    """Of `weekly`; empty: the weekday of the first date."""
    ordinal: int | None = None
    """Of `monthly_weekday`: 1 to 4, -1 for the last; None: as the first date."""
    weekday: Weekday | None = None
    """Of `monthly_weekday`; None: that of the first date."""
    until: date | None = None
    """The last day on which a date may be."""
    count: int | None = None
    """How many dates there are in all."""
    excluded: tuple[date, ...] = ()
    """Days on which it does not take place."""


def repetition_of(content: EventContent) -> Repetition | None:
    """Return how `content` is repeated, None where a Repetition cannot say it."""
    excluded = tuple(sorted({at.date() for at in content.excluded}))
    if not content.recurrence:
        return Repetition(excluded=excluded)
    parts = dict(piece.split("=", 1) for piece in content.recurrence.split(";"))
    shape = _shape(parts, content.starts)
    if shape is None:
        return None
    return msgspec.structs.replace(
        shape,
        interval=int(parts.get("INTERVAL", "1")),
        until=_last_day(parts, content),
        count=int(parts["COUNT"]) if "COUNT" in parts else None,
        excluded=excluded,
    )


def with_repetition(
    times: EventTimes, wanted: Repetition, before: EventContent | None = None
) -> EventTimes:
    """Return `times` repeated as wanted; a rule that cannot be said stays as it was before.

    Raises:
        Malformed: names what does not go together.
    """
    rule = _rule(times, wanted, before)
    repeated = msgspec.structs.replace(
        times, recurrence=rule, added=before.added if before else [], excluded=[]
    )
    excluded = [datetime.combine(day, times.starts.time()) for day in wanted.excluded]
    if excluded:
        _require_dates(repeated, excluded)
    return msgspec.structs.replace(repeated, excluded=excluded)


def rule_of(wanted: Repetition, times: EventTimes) -> str:
    """Return the RRULE value for what is wanted; empty for a single date.

    Raises:
        Malformed: the first date does not belong to it, or it ends before.
    """
    if wanted.repeats == "once":
        return ""
    parts = [f"FREQ={_FREQUENCIES[wanted.repeats]}"]
    if wanted.interval > 1:
        parts.append(f"INTERVAL={wanted.interval}")
    if by := _by(wanted, times.starts):
        parts.append(by)
    open_rule = ";".join(parts)
    _require_first(open_rule, times)
    if wanted.until is not None:
        if wanted.until < times.starts.date():
            raise Malformed("Die Serie endet vor ihrem ersten Termin.", "until")
        parts.append(f"UNTIL={wanted.until:%Y%m%d}")
    elif wanted.count is not None:
        parts.append(f"COUNT={wanted.count}")
    return checked_rule(";".join(parts), times.starts, times.zone, all_day=times.all_day)


def ordinal_of(day: date) -> int:
    """Return which of its weekday a day is in its month: 1 to 4, and -1 for a fifth."""
    number = (day.day - 1) // DAYS_IN_WEEK + 1
    return number if number in ORDINALS else LAST


def _by(wanted: Repetition, starts: datetime) -> str:
    if wanted.repeats == "weekly" and wanted.weekdays:
        return "BYDAY=" + ",".join(day for day in WEEKDAYS if day in wanted.weekdays)
    if wanted.repeats == "monthly_weekday":
        ordinal = wanted.ordinal or ordinal_of(starts.date())
        return f"BYDAY={ordinal}{wanted.weekday or WEEKDAYS[starts.weekday()]}"
    return f"BYMONTHDAY={starts.day}" if wanted.repeats == "monthly_day" else ""


def _shape(parts: dict[str, str], starts: datetime) -> Repetition | None:
    by = {name: value for name, value in parts.items() if name.startswith("BY")}
    frequency = parts["FREQ"]
    if parts.get("WKST", "MO") != "MO":
        return None
    if not by or (frequency, by) in _as_the_first_date(starts):
        return _plain(frequency)
    if set(by) != {"BYDAY"}:
        return None
    if frequency == "WEEKLY":
        days = tuple(day for day in WEEKDAYS if day in by["BYDAY"].split(","))
        return Repetition(repeats="weekly", weekdays=msgspec.convert(days, tuple[Weekday, ...]))
    return _nth_weekday(by["BYDAY"]) if frequency == "MONTHLY" else None


def _as_the_first_date(starts: datetime) -> list[tuple[str, dict[str, str]]]:
    """Return what rules may name although it follows from their first date."""
    day, month = str(starts.day), str(starts.month)
    return [
        ("MONTHLY", {"BYMONTHDAY": day}),
        ("YEARLY", {"BYMONTH": month, "BYMONTHDAY": day}),
    ]


def _plain(frequency: str) -> Repetition:
    kinds: dict[str, Repeats] = {"MONTHLY": "monthly_day", "YEARLY": "yearly"}
    kinds |= {"DAILY": "daily", "WEEKLY": "weekly"}
    return Repetition(repeats=kinds[frequency])


def _nth_weekday(by_day: str) -> Repetition | None:
    ordinal, weekday = by_day[:-2].removeprefix("+"), by_day[-2:]
    if ordinal not in map(str, ORDINALS) or weekday not in WEEKDAYS:
        return None
    return Repetition(
        repeats="monthly_weekday",
        ordinal=int(ordinal),
        weekday=msgspec.convert(weekday, Weekday),
    )


def _last_day(parts: dict[str, str], content: EventContent) -> date | None:
    """Return the last day on which UNTIL allows a date."""
    until = parts.get("UNTIL", "")
    if not until.endswith("Z"):
        return date.fromisoformat(until) if until else None
    end = wall_clock(datetime.fromisoformat(until), content.zone)
    return end.date() if end.time() >= content.starts.time() else end.date() - _DAY


def _same_rule(said: Repetition, wanted: Repetition) -> bool:
    return msgspec.structs.replace(said, excluded=wanted.excluded) == wanted


def _rule(times: EventTimes, wanted: Repetition, before: EventContent | None) -> str:
    if before is None or not before.recurrence:
        return rule_of(wanted, times)
    said = repetition_of(before)
    is_still = (times.starts, times.all_day) == (before.starts, before.all_day)
    if is_still and (said is None or _same_rule(said, wanted)):
        return before.recurrence
    return rule_of(wanted, times) if said else _moved_rule(before, times)


def _moved_rule(before: EventContent, times: EventTimes) -> str:
    """Return a rule that no Repetition can say, for another hour; its last day stays."""
    parts = dict(piece.split("=", 1) for piece in before.recurrence.split(";"))
    if until := _last_day(parts, before):
        parts["UNTIL"] = f"{until:%Y%m%d}"
    rule = ";".join(f"{name}={value}" for name, value in parts.items())
    _require_first(rule, times)
    return checked_rule(rule, times.starts, times.zone, all_day=times.all_day)


def _require_first(rule: str, times: EventTimes) -> None:
    first = first_date(rule, times.starts, times.zone)
    if first == times.starts:
        return
    day = long_day(times.starts)
    if first is None:
        raise Malformed(f"{day} liegt nach dem Ende der Serie.", "starts_on")
    raise Malformed(
        f"{day} gehört nicht zur Wiederholung. Der erste passende Tag ist {long_day(first)}.",
        "starts_on",
    )


def _require_dates(times: EventTimes, excluded: list[datetime]) -> None:
    content = EventContent(title="Serie", **msgspec.structs.asdict(times))
    for at in excluded:
        since = datetime.combine(at.date(), time.min)
        if at not in occurrences(content, since, since + _DAY, DAYS_IN_WEEK):
            raise Malformed(f"Am {german_day(at.date())} ist kein Termin der Serie.", "except_on")

"""Lists the dates of series, with a bound on every loop."""

from datetime import UTC, datetime
from itertools import islice
from typing import Final

import msgspec
from dateutil.rrule import rrule, rrulestr

from services.events.content import EventContent, duration
from shared.ical.timezone import wall_clock

MOST_STEPS: Final = 25_000
"""Dates looked at in one expansion: a daily series since 1970 stays below it."""


class DateOf(msgspec.Struct, frozen=True):
    """One date of an event, on its clock."""

    original: datetime
    """When the rule has it."""
    starts: datetime
    ends: datetime
    is_cancelled: bool


def dates(content: EventContent, since: datetime, until: datetime, most: int) -> list[DateOf]:
    """Return the dates of `content` by start, each as it was changed if it was.

    A date belongs to the period if the rule has it there or if it was moved there.
    """
    lasts = duration(content)
    changes = {change.original: change for change in content.changed}
    originals = set(occurrences(content, since, until, most))
    originals |= {at for at, change in changes.items() if since <= change.starts < until}
    found = []
    for original in originals:
        change = changes.get(original)
        starts = original if change is None else change.starts
        ends = starts + lasts if change is None or change.ends is None else change.ends
        cancelled = change is not None and change.is_cancelled
        found.append(DateOf(original, starts, ends, cancelled))
    return sorted(found, key=lambda date: (date.starts, date.original))


def occurrences(
    content: EventContent, since: datetime, until: datetime, most: int
) -> list[datetime]:
    """Return the starts by the rule (naive, in order) from `since` up to and without `until`.

    A long series is cut after `most` dates, or after 25,000 looked at.
    """
    excluded = set(content.excluded)
    given = {content.starts, *content.added} - excluded
    dates = {at for at in given if since <= at < until}
    if content.recurrence:
        rule = _rule(content.recurrence, content.starts, content.zone)
        for at in islice(iter(rule), MOST_STEPS):
            if at >= until or len(dates) >= most:
                break
            if at >= since and at not in excluded:
                dates.add(at)
    return sorted(dates)[:most]


def first_date(recurrence: str, starts: datetime, zone: str) -> datetime | None:
    """Return the first date of the RRULE value `recurrence`, None if it has none."""
    return next(iter(_rule(recurrence, starts, zone)), None)


def _rule(recurrence: str, starts: datetime, zone: str) -> rrule:
    """Build the rule on the wall clock, where a weekly event keeps its hour over DST changes."""
    parts = dict(piece.split("=", 1) for piece in recurrence.split(";"))
    if parts.get("UNTIL", "").endswith("Z"):
        end = datetime.strptime(parts["UNTIL"], "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
        parts["UNTIL"] = f"{wall_clock(end, zone):%Y%m%dT%H%M%S}"
    text = ";".join(f"{name}={value}" for name, value in parts.items())
    return rrulestr(text, dtstart=starts, ignoretz=True)

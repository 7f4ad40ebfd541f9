"""Moves an event, a series with its single changed dates too."""

from collections.abc import Collection
from datetime import datetime, timedelta

import msgspec

from services.events.content import ChangedDate, EventContent, EventTimes
from services.events.recurrence import MOST_STEPS, occurrences

_INSTANT = timedelta(microseconds=1)


def moved(before: EventContent, times: EventTimes) -> EventContent:
    """Return `before` at other times.

    Single dates that were moved or cancelled stay so if the series still has a date on that day;
    what was moved keeps the time that it was moved to.
    """
    content = msgspec.structs.replace(
        before, **{**msgspec.structs.asdict(times), "changed": list[ChangedDate]()}
    )
    if not content.recurrence:
        return content
    carried = [_carried(change, times) for change in before.changed]
    kept = [change for change in carried if has_date(content, change.original)]
    return msgspec.structs.replace(content, changed=kept)


def lost(before: EventContent, after: EventContent) -> list[ChangedDate]:
    """Return the single changes of `before` that `after`, as `moved` made it, has no more."""
    kept = {change.original.date() for change in after.changed}
    return [change for change in before.changed if change.original.date() not in kept]


def has_date(content: EventContent, at: datetime) -> bool:
    """Say whether the rule has a date at `at` (naive), before single dates are changed."""
    return bool(occurrences(content, at, at + _INSTANT, 1))


def dates_among(content: EventContent, wanted: Collection[datetime]) -> set[datetime]:
    """Return those of the wanted moments (naive) at which the rule has a date."""
    if not wanted or not content.recurrence:
        return set()
    found = occurrences(content, min(wanted), max(wanted) + _INSTANT, MOST_STEPS)
    return set(found) & set(wanted)


def fitting(content: EventContent) -> EventContent:
    """Return `content` without changes of dates that its rule does not have."""
    has = dates_among(content, {change.original for change in content.changed})
    kept = [change for change in content.changed if change.original in has]
    return msgspec.structs.replace(content, changed=kept)


def _carried(change: ChangedDate, times: EventTimes) -> ChangedDate:
    original = datetime.combine(change.original.date(), times.starts.time())
    if change.is_cancelled:
        return ChangedDate(original=original, starts=original, is_cancelled=True)
    return msgspec.structs.replace(change, original=original)

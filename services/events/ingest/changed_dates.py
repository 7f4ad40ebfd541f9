"""Puts single changed dates, as partners send them, into the series that they belong to."""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import Final

import msgspec

from services.events.content import ChangedDate, EventContent, duration
from services.events.ingest import limits
from services.events.ingest.item import DateChange, Item, SeriesChange
from services.events.ingest.model import PartnerItem, source_of
from services.events.ingest.reasons import ItemRefused
from services.events.moving import dates_among
from shared.ical.timezone import instant, wall_clock

_LONG_AGO: Final = datetime.min.replace(tzinfo=UTC)


def with_changes(item: Item, changes: Sequence[DateChange], field: str) -> Item:
    """Return a series with these dates changed; the rest of it stays.

    Of several changes of one date the highest revision counts, then the latest, then the last. The
    item is as new as the newest of them. What one date says in other words is left out and told by
    `remark`; another place is refused, for people would stand before the wrong door.

    Args:
        item: the series.
        changes: as they came.
        field: what the partner calls them.

    Raises:
        ItemRefused: one is none of the series' dates or does not fit it, or they are too many.
    """
    content = item.content
    latest = {_moved(each.original, each, content): each for each in sorted(changes, key=_age)}
    if any(each.all_day != content.all_day for each in latest.values()):
        raise ItemRefused("changed_kind_differs", field)
    if dates_among(content, latest) != set(latest):
        raise ItemRefused("changed_date_unknown", field)
    kept = {change.original: change for change in content.changed}
    for original, change in latest.items():
        kept[original] = _changed(original, change, content)
    # What says that a date is as the rule has it changes nothing, or takes a change back.
    changed = [kept[original] for original in sorted(kept) if not _is_plain(kept[original])]
    if len(changed) > limits.LISTED_DATES:
        raise ItemRefused("too_many_dates", field)
    return msgspec.structs.replace(
        item,
        content=msgspec.structs.replace(content, changed=changed),
        revision=_highest([item.revision, *(each.revision for each in changes)]),
        modified_at=_latest([item.modified_at, *(each.modified_at for each in changes)]),
        remark=_remark(content, latest.values()) or item.remark,
    )


def series_change(key: str, changes: list[DateChange], field: str) -> SeriesChange:
    """Return changes whose series the message does not hold, as new as the newest of them."""
    return SeriesChange(
        key=key,
        changes=changes,
        field=field,
        revision=_highest([each.revision for each in changes]),
        modified_at=_latest([each.modified_at for each in changes]),
    )


def completed(known: PartnerItem, change: SeriesChange) -> Item:
    """Return a known series with dates changed by a message that holds them alone.

    Raises:
        ItemRefused: the series is not known or has been taken back, or as for `with_changes`.
    """
    source = source_of(known)
    if source is None or known.status == "withdrawn" or known.held == "withdrawn":
        raise ItemRefused("series_not_known", change.field)
    item = Item(
        key=known.partner_key,
        content=source,
        status=known.held or known.status,
        revision=known.revision,
        modified_at=known.modified_at,
    )
    return with_changes(item, change.changes, change.field)


def _age(change: DateChange) -> tuple[int, datetime]:
    return change.revision or 0, change.modified_at or _LONG_AGO


def _moved(at: datetime, change: DateChange, content: EventContent) -> datetime:
    """Return a time of the change on the series' clock."""
    if change.all_day or change.zone == content.zone:
        return at
    return wall_clock(instant(at, change.zone), content.zone)


def _changed(original: datetime, change: DateChange, content: EventContent) -> ChangedDate:
    if change.is_cancelled:
        return ChangedDate(original=original, starts=original, is_cancelled=True)
    starts = _moved(change.starts, change, content)
    ends = None if change.ends is None else _moved(change.ends, change, content)
    as_long = ends is None or ends - starts == duration(content)
    return ChangedDate(original=original, starts=starts, ends=None if as_long else ends)


def _is_plain(change: ChangedDate) -> bool:
    return change == ChangedDate(original=change.original, starts=change.original)


def _remark(content: EventContent, changes: Iterable[DateChange]) -> str:
    differing = {
        name
        for change in changes
        for name, said in change.texts.items()
        if said != getattr(content, name)
    }
    if "place_name" in differing:
        raise ItemRefused("changed_place_not_supported", "LOCATION")
    return "changed_texts_left_out" if differing else ""


def _highest(revisions: Sequence[int | None]) -> int | None:
    return max((each for each in revisions if each is not None), default=None)


def _latest(moments: Sequence[datetime | None]) -> datetime | None:
    return max((each for each in moments if each is not None), default=None)

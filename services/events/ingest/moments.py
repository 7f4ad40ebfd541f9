"""Reads dates and times as partners write them into wall-clock times."""

from datetime import datetime, time, timedelta
from typing import Final

import msgspec

from services.events.content import EARLIEST_YEAR, LATEST_YEAR, LONGEST
from services.events.ingest.reasons import ItemRefused
from shared.ical.timezone import is_zone, wall_clock

_DATE_LENGTH: Final = len("2026-09-12")
_COMPACT_DATE_LENGTH: Final = len("20260912")
_LONGEST: Final = 40


class Moment(msgspec.Struct, frozen=True):
    """A date, or a date and time (naive) on a zone's clock."""

    at: datetime
    is_day: bool


def read_moment(text: object, zone: str, field: str) -> Moment:
    """Return the moment that the ISO 8601 text names; with an offset, as `zone` shows it.

    Raises:
        ItemRefused: it is no date or lies too far away.
    """
    if not isinstance(text, str) or len(text) > _LONGEST:
        raise ItemRefused("date_malformed", field)
    written = text.strip()
    try:
        at = datetime.fromisoformat(written)
        local = wall_clock(at, zone) if at.tzinfo else at
    except (ValueError, OverflowError) as error:
        raise ItemRefused("date_malformed", field) from error
    if not EARLIEST_YEAR <= local.year < LATEST_YEAR:
        raise ItemRefused("date_out_of_range", field)
    is_day = len(written) == _DATE_LENGTH or (
        len(written) == _COMPACT_DATE_LENGTH and written.isdigit()
    )
    return Moment(local.replace(microsecond=0), is_day)


def read_zone(name: object, field: str, otherwise: str) -> str:
    """Return the IANA zone `name`, or `otherwise` where none is given.

    Raises:
        ItemRefused: there is no such zone.
    """
    if name is None or name == "":
        return otherwise
    if not isinstance(name, str) or not is_zone(name):
        raise ItemRefused("zone_unknown", field)
    return name


def last_day_included(end: Moment) -> Moment:
    """Return an end that names the last day as the exclusive end that we keep."""
    return Moment(end.at + timedelta(days=1), is_day=True) if end.is_day else end


def check_period(start: Moment, end: Moment | None, field: str) -> None:
    """Stop an end that does not fit its start; an end is exclusive.

    Raises:
        ItemRefused: before the start, of another kind, or more than a year later.
    """
    if end is None:
        return
    if start.is_day != end.is_day:
        raise ItemRefused("end_kind_differs", field)
    if end.at < start.at or (start.is_day and end.at == start.at):
        raise ItemRefused("end_before_start", field)
    if end.at - start.at > LONGEST:
        raise ItemRefused("too_long", field)


def at_midnight(moment: Moment) -> datetime:
    """Return the start of the moment's day."""
    return datetime.combine(moment.at.date(), time.min)

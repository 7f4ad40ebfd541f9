"""Reads the VEVENTs that change one date of a series, those with a RECURRENCE-ID."""

from datetime import datetime, timedelta

from services.events.ingest import fields
from services.events.ingest.calendar_times import Values, end_of, moment_of, zone_of
from services.events.ingest.calendar_values import (
    check_properties,
    modified,
    revision,
    status,
    text,
)
from services.events.ingest.item import DateChange
from services.events.ingest.moments import Moment, check_period
from services.events.ingest.reasons import ItemRefused

FIELD = "RECURRENCE-ID"


def change_of(event: Values, zone: str | None, *, is_cancelled: bool) -> DateChange:
    """Return the change of one date.

    Source: RFC 5545 3.8.4.4.

    Args:
        event: has a RECURRENCE-ID.
        zone: on whose clock its series is kept; None where the series is not at hand.
        is_cancelled: whether the document as a whole says so (METHOD:CANCEL).

    Raises:
        ItemRefused: names the first property that is wrong.
    """
    check_properties(event)
    if "RANGE" in event[FIELD].params:
        raise ItemRefused("range_not_supported", FIELD)
    if "RRULE" in event:
        raise ItemRefused("calendar_malformed", "RRULE")
    gone = status(event) == "cancelled" or is_cancelled
    if zone is None:
        zone = zone_of(event if "DTSTART" in event else {"DTSTART": event[FIELD]})
    original = moment_of(event[FIELD], zone, FIELD)
    starts, ends = (original.at, None) if gone else _times(event, original, zone)
    return DateChange(
        original=original.at,
        starts=starts,
        ends=ends,
        all_day=original.is_day,
        zone=zone,
        is_cancelled=gone,
        texts={} if gone else _texts(event),
        revision=revision(event),
        modified_at=modified(event),
    )


def _times(event: Values, original: Moment, zone: str) -> tuple[datetime, datetime]:
    if "DTSTART" not in event:
        raise ItemRefused("start_missing", "DTSTART")
    start = moment_of(event["DTSTART"], zone, "DTSTART")
    if start.is_day != original.is_day:
        raise ItemRefused("changed_kind_differs", FIELD)
    end = end_of(event, start, zone)
    check_period(start, end, "DTEND")
    # Source: RFC 5545 3.6.1, without an end it lasts a day or no time, not as long as the others.
    return start.at, end.at if end else start.at + timedelta(days=start.is_day)


def _texts(event: Values) -> dict[str, str]:
    """Return what the date says beside its times, by the names that the series has for it."""
    said = {
        "title": " ".join(fields.cleaned(text(event, "SUMMARY"), "SUMMARY").split()),
        "place_name": fields.cleaned(text(event, "LOCATION"), "LOCATION"),
        "description": fields.description(text(event, "DESCRIPTION"), "DESCRIPTION"),
        "website": fields.link(text(event, "URL"), "URL"),
    }
    return {name: value for name, value in said.items() if value}

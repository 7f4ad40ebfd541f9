"""Takes single values out of parsed iCalendar events and stops events that are broken."""

from datetime import UTC, datetime
from typing import Final

from services.events.ingest import fields
from services.events.ingest.calendar_times import Values, moment_of, several
from services.events.ingest.item import Status
from services.events.ingest.reasons import ItemRefused

_STATUS: Final[dict[str, Status]] = {
    "": "published",
    "CONFIRMED": "published",
    "TENTATIVE": "published",
    "CANCELLED": "cancelled",
}
_ONCE: Final = ("DTSTART", "DTEND", "DURATION", "RRULE", "SUMMARY", "UID", "RECURRENCE-ID")
_READ: Final = frozenset(
    {"DESCRIPTION", "LOCATION", "GEO", "STATUS", "SEQUENCE", "EXDATE", "RDATE", "LAST-MODIFIED"}
    | {"DTSTAMP", "CATEGORIES", "URL", *_ONCE}
)


def check_properties(event: Values) -> None:
    """Stop an event in which something that we read is broken, or stands twice.

    Raises:
        ItemRefused: names the property.
    """
    for name, _ in event.errors:
        if name is None or str(name).upper() in _READ:
            raise ItemRefused("calendar_malformed", str(name or "VEVENT").upper())
    if "EXRULE" in event:
        raise ItemRefused("recurrence_part_not_allowed", "EXRULE")
    for name in _ONCE:
        if isinstance(event.get(name), list):
            raise ItemRefused("calendar_malformed", name)


def text(event: Values, name: str) -> str:
    """Return the first text of this name, empty where there is none."""
    found = several(event.get(name, []))
    return str(found[0]) if found else ""


def status(event: Values) -> Status:
    """Return what STATUS says.

    Raises:
        ItemRefused: nothing that events say.
    """
    named = text(event, "STATUS").upper()
    if named not in _STATUS:
        raise ItemRefused("status_unknown", "STATUS")
    return _STATUS[named]


def revision(event: Values) -> int | None:
    """Return SEQUENCE, None where there is none.

    Raises:
        ItemRefused: it is no number.
    """
    return fields.revision(event.get("SEQUENCE"), "SEQUENCE")


def modified(event: Values) -> datetime | None:
    """Return the instant of the last change, None where none is named.

    Raises:
        ItemRefused: it is no time.
    """
    source = event.get("LAST-MODIFIED") or event.get("DTSTAMP")
    if source is None:
        return None
    return moment_of(source, "UTC", "LAST-MODIFIED").at.replace(tzinfo=UTC)

"""Writes a calendar event as the VEVENTs that stand in feeds and downloads."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Final

import msgspec

from services.events.content import ChangedDate, duration
from services.events.model import CalendarEvent, State
from services.events.rich_text import plain
from shared.ical.text import escaped, line, parameter, text_line
from shared.ical.timezone import instant, zone_rule

WRITER: Final = 4
"""Counts up whenever the bytes of an unchanged event change, or what is kept with them to choose
feeds by: then all are written anew."""
_STATUS: Final = {"published": "CONFIRMED", "cancelled": "CANCELLED", "postponed": "TENTATIVE"}
_PREFIX: Final = {"cancelled": "Abgesagt: ", "postponed": "Verschoben: "}


def vevents(event: CalendarEvent, url: str, categories: Sequence[str], access: str = "") -> bytes:
    """Return the VEVENT of `event`, after it those of its changed dates, with CRLF line ends.

    Source: RFC 5545 3.8.4.4, a changed date has the UID of its series and a RECURRENCE-ID.

    Args:
        event: what it says; its changed_at becomes DTSTAMP, so equal events give equal bytes.
        url: the event's page, which does not change with its title.
        categories: the titles, in German, of its categories.
        access: how accessible its place is, in words; empty where nobody knows.
    """
    page = [] if event.visibility == "committee" else [line("URL", url)]
    rest = [*page, *_categories(categories)]
    parts = [_component(event, event.state, _times(event), access, rest)]
    for change in event.changed:
        changed: State = "cancelled" if change.is_cancelled else event.state
        parts.append(_component(event, changed, _changed_times(event, change), access, rest))
    return b"".join(parts)


def going(event: CalendarEvent) -> CalendarEvent | None:
    """Return the event without its cancelled dates, None if it is cancelled as a whole.

    A cancelled date of a series becomes an excluded one: left out, the rule would bring it back.
    """
    if event.state == "cancelled":
        return None
    gone = [change.original for change in event.changed if change.is_cancelled]
    if not gone:
        return event
    return msgspec.structs.replace(
        event,
        excluded=sorted({*event.excluded, *gone}),
        changed=[change for change in event.changed if not change.is_cancelled],
    )


def _component(
    event: CalendarEvent, state: State, times: list[bytes], access: str, rest: list[bytes]
) -> bytes:
    leaves_people_free = event.all_day or state in _PREFIX
    lines = [
        b"BEGIN:VEVENT\r\n",
        line("UID", event.uid),
        *_revision(event),
        *times,
        text_line("SUMMARY", _PREFIX.get(state, "") + event.title),
        line("STATUS", _STATUS[state]),
        line("TRANSP", "TRANSPARENT" if leaves_people_free else "OPAQUE"),
        line("CLASS", "PUBLIC" if event.visibility == "public" else "PRIVATE"),
        *_texts(event, access),
        *_place(event),
        *rest,
    ]
    return b"".join([*lines, b"END:VEVENT\r\n"])


def _categories(titles: Sequence[str]) -> list[bytes]:
    return [line("CATEGORIES", ",".join(escaped(title) for title in titles))] if titles else []


def written_zone(name: str) -> str:
    """Return the TZID for events in zone `name`, empty where they are written in UTC."""
    rule = zone_rule(name)
    return "" if rule is None or name == "UTC" else name


def utc(at: datetime) -> str:
    """Return an instant as DATE-TIME in UTC."""
    return at.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")


def _revision(event: CalendarEvent) -> list[bytes]:
    # Source: RFC 5545 3.8.7.2, without METHOD the DTSTAMP is the time of the last revision.
    return [
        line("DTSTAMP", utc(event.changed_at)),
        line("SEQUENCE", str(event.sequence)),
        line("CREATED", utc(event.created_at)),
        line("LAST-MODIFIED", utc(event.changed_at)),
    ]


def _times(event: CalendarEvent) -> list[bytes]:
    lines = [_moment("DTSTART", event, event.starts)]
    lasts = duration(event)
    if lasts > timedelta(0):
        lines.append(_moment("DTEND", event, event.starts + lasts))
    if event.recurrence:
        lines.append(line("RRULE", event.recurrence))
    lines += [_moment("EXDATE", event, at) for at in event.excluded]
    lines += [_moment("RDATE", event, at) for at in event.added]
    return lines


def _changed_times(event: CalendarEvent, change: ChangedDate) -> list[bytes]:
    ends = change.ends or change.starts + duration(event)
    lines = [
        _moment("RECURRENCE-ID", event, change.original),
        _moment("DTSTART", event, change.starts),
    ]
    return [*lines, _moment("DTEND", event, ends)] if ends > change.starts else lines


def _moment(name: str, event: CalendarEvent, at: datetime) -> bytes:
    if event.all_day:
        return line(f"{name};VALUE=DATE", f"{at:%Y%m%d}")
    zone = written_zone(event.zone)
    if not zone:
        return line(name, utc(instant(at, event.zone)))
    return line(f"{name};TZID={zone}", f"{at:%Y%m%dT%H%M%S}")


def description_of(event: CalendarEvent, access: str) -> str:
    """Return all that calendars say in words about an event, empty if that is nothing."""
    parts = [
        plain(event.description),
        *(f"{name}: {what}" for name, what in details(event, access)),
    ]
    return "\n\n".join(part for part in parts if part)


def details(event: CalendarEvent, access: str) -> list[tuple[str, str]]:
    """Return what stands below the description, each with what it is called."""
    known = [
        ("Veranstaltet von", event.organiser),
        ("Eintritt", event.price),
        ("Barrierefreiheit", access),
        ("Anmeldung", event.registration_url),
        ("Mehr dazu", event.website),
    ]
    return [(name, what) for name, what in known if what]


def _texts(event: CalendarEvent, access: str) -> list[bytes]:
    description = description_of(event, access)
    lines = [text_line("DESCRIPTION", description)] if description else []
    if event.organiser:
        # Not ORGANIZER: clients would mail answers to it (and RFC 5546 asks for METHOD with it).
        lines.append(text_line("CONTACT", event.organiser))
    return lines


def _place(event: CalendarEvent) -> list[bytes]:
    location = ", ".join(part for part in (event.place_name, event.place_address) if part)
    lines = [text_line("LOCATION", location)] if location else []
    if event.latitude is None or event.longitude is None:
        return lines
    point = f"{event.latitude:.6f}", f"{event.longitude:.6f}"
    lines.append(line("GEO", ";".join(point)))
    if location:
        title = parameter(location)
        name = f"X-APPLE-STRUCTURED-LOCATION;VALUE=URI;X-APPLE-RADIUS=100;X-TITLE={title}"
        lines.append(line(name, f"geo:{point[0]},{point[1]}"))
    return lines

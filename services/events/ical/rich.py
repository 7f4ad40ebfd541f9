"""Writes what only newer calendar programs read: who takes part, where it is, what it is about."""

from collections.abc import Sequence

import msgspec

from services.events.model import CalendarEvent
from shared.ical.text import escaped, line, parameter, text_line


class About(msgspec.Struct, frozen=True, kw_only=True):
    """What stands beside an event's own words."""

    url: str
    """The event's page, which does not change with its title."""
    categories: Sequence[str] = ()
    """The titles, in German, of its categories."""
    concepts: Sequence[str] = ()
    """The addresses of its categories."""
    access: str = ""
    """How accessible its place is, in words; empty where nobody knows."""


def richer(event: CalendarEvent, about: About) -> bytes:
    """Return the lines and components that the rich profile has besides.

    No LOCATION-TYPE, for calcurse drops an event whose VLOCATION has one.
    Source: RFC 9073 7.1 and 7.2, RFC 9253 8.1 to 8.3.
    """
    lines = [line(f"LINK;LINKREL={parameter('describedby')};VALUE=URI", about.url)]
    if event.website:
        lines.append(line(f"LINK;LINKREL={parameter('related')};VALUE=URI", event.website))
    lines += [line("CONCEPT", concept) for concept in about.concepts]
    if event.organiser_id is not None:
        lines.append(text_line("REFID", str(event.organiser_id)))
    return b"".join([*lines, *_participants(event), *_location(event, about.access)])


def _participants(event: CalendarEvent) -> list[bytes]:
    found = []
    if event.organiser:
        found += _participant(event, "PLANNER-CONTACT", event.organiser, event.website)
    if event.registration_url:
        found += _participant(event, "BOOKING-CONTACT", "Anmeldung", event.registration_url)
    return found


def _participant(event: CalendarEvent, kind: str, summary: str, url: str) -> list[bytes]:
    return [
        b"BEGIN:PARTICIPANT\r\n",
        line("UID", f"{kind.lower()}-{event.uid}"),
        line("PARTICIPANT-TYPE", kind),
        text_line("SUMMARY", summary),
        *([line("URL", url)] if url else []),
        b"END:PARTICIPANT\r\n",
    ]


def _location(event: CalendarEvent, access: str) -> list[bytes]:
    if not event.place_name:
        return []
    about = ". ".join(part for part in (event.place_address, access) if part)
    lines = [
        b"BEGIN:VLOCATION\r\n",
        line("UID", f"location-{event.uid}"),
        line("NAME", escaped(event.place_name)),
    ]
    if about:
        lines.append(text_line("DESCRIPTION", about))
    if event.latitude is not None and event.longitude is not None:
        lines.append(line("GEO", f"{event.latitude:.6f};{event.longitude:.6f}"))
    return [*lines, b"END:VLOCATION\r\n"]

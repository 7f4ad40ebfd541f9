"""Writes the honouring event as the calendar file that comes with a guest's tickets."""

from datetime import UTC, datetime
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from services.notifier.occasion import Occasion
from shared.ical.text import line, text_line
from shared.ical.timezone import zone_rule
from shared.ical.vtimezone import vtimezone

PRODUCT = "-//Ehrensache//Einladung//DE"


def invitation_ics(occasion: Occasion, sequence: int, changed_at: datetime) -> bytes:
    """Return an iCalendar file with the guest's event, with CRLF line ends.

    It has no METHOD: it is a copy for the guest's own calendar and asks for no answer by mail.
    The UID stays the same for a guest, so that a later file replaces the earlier entry.

    Args:
        occasion: the guest and the event as they are now.
        sequence: grows with every change of the event or of the answer.
        changed_at: the instant of that change; equal changes give equal bytes.

    Source: RFC 5545 3.6.1; RFC 5546 2.1.4 (a higher SEQUENCE replaces a lower one).
    """
    guest = occasion.guest
    zone = guest.zone if zone_rule(guest.zone) is not None and guest.zone != "UTC" else ""
    return b"".join(
        [
            b"BEGIN:VCALENDAR\r\n",
            line("VERSION", "2.0"),
            line("PRODID", PRODUCT),
            line("CALSCALE", "GREGORIAN"),
            vtimezone(guest.zone) if zone else b"",
            b"BEGIN:VEVENT\r\n",
            line("UID", f"{guest.invitation_id}@{urlsplit(occasion.public_url).hostname}"),
            line("DTSTAMP", _in_utc(changed_at)),
            line("SEQUENCE", str(sequence)),
            line("LAST-MODIFIED", _in_utc(changed_at)),
            _moment("DTSTART", guest.starts_at, zone),
            _moment("DTEND", guest.ends_at, zone),
            *_texts(occasion),
            b"END:VEVENT\r\n",
            b"END:VCALENDAR\r\n",
        ]
    )


def _texts(occasion: Occasion) -> list[bytes]:
    guest = occasion.guest
    place = ", ".join(filter(None, [guest.venue_name, guest.venue_address]))
    return [
        text_line("SUMMARY", f"Abgesagt: {guest.title}" if guest.is_cancelled else guest.title),
        text_line("LOCATION", place),
        text_line("DESCRIPTION", _description(occasion)),
        line("STATUS", "CANCELLED" if guest.is_cancelled else "CONFIRMED"),
        line("TRANSP", "TRANSPARENT" if guest.is_cancelled else "OPAQUE"),
        line("CLASS", "PRIVATE"),
    ]


def _description(occasion: Occasion) -> str:
    doors = occasion.words(by_letter=False)["clock"](occasion.guest.doors_open_at)
    admission = "" if occasion.guest.is_cancelled else f"Einlass ab {doors}."
    return "\n\n".join(filter(None, [occasion.guest.programme.strip(), admission]))


def _moment(name: str, instant: datetime, zone: str) -> bytes:
    if not zone:
        return line(name, _in_utc(instant))
    return line(f"{name};TZID={zone}", f"{instant.astimezone(ZoneInfo(zone)):%Y%m%dT%H%M%S}")


def _in_utc(instant: datetime) -> str:
    return f"{instant.astimezone(UTC):%Y%m%dT%H%M%SZ}"

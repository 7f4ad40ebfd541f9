"""Writes an honouring event as the entry that a guest puts into their own calendar."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from services.recognition.honouring.answers import Situation
from shared.ical.text import line, text_line
from shared.ical.timezone import zone_rule
from shared.ical.vtimezone import vtimezone

PRODUCT = "-//Ehrensache//Einladung//DE"


def calendar_entry(situation: Situation, host: str) -> bytes:
    """Return an iCalendar file with CRLF line ends and without METHOD.

    UID and SEQUENCE are those of the file that comes with the tickets by mail, so that a calendar
    keeps one entry, whichever came last.

    Args:
        situation: the guest and the event as they are now.
        host: name of this site, for the UID.

    Source: RFC 5545 3.6.1; RFC 5546 2.1.4 (a higher SEQUENCE replaces a lower one).
    """
    event, invitation = situation.event, situation.invitation
    zone = event.zone if event.zone != "UTC" and zone_rule(event.zone) is not None else ""
    is_cancelled = event.phase == "cancelled"
    return b"".join(
        [
            b"BEGIN:VCALENDAR\r\n",
            line("VERSION", "2.0"),
            line("PRODID", PRODUCT),
            line("CALSCALE", "GREGORIAN"),
            vtimezone(event.zone) if zone else b"",
            b"BEGIN:VEVENT\r\n",
            line("UID", f"{invitation.invitation_id}@{host}"),
            line("DTSTAMP", _in_utc(situation.now)),
            line("SEQUENCE", str(event.version + invitation.version)),
            _moment("DTSTART", event.starts, zone),
            _moment("DTEND", event.ends, zone),
            text_line("SUMMARY", f"Abgesagt: {event.title}" if is_cancelled else event.title),
            text_line("LOCATION", ", ".join(filter(None, [event.venue_name, event.venue_address]))),
            text_line("DESCRIPTION", event.programme),
            line("STATUS", "CANCELLED" if is_cancelled else "CONFIRMED"),
            line("CLASS", "PRIVATE"),
            b"END:VEVENT\r\n",
            b"END:VCALENDAR\r\n",
        ]
    )


def _moment(name: str, instant: datetime, zone: str) -> bytes:
    if not zone:
        return line(name, _in_utc(instant))
    return line(f"{name};TZID={zone}", f"{instant.astimezone(ZoneInfo(zone)):%Y%m%dT%H%M%S}")


def _in_utc(instant: datetime) -> str:
    return f"{instant.astimezone(UTC):%Y%m%dT%H%M%SZ}"

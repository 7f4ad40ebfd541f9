"""Wraps VEVENTs into the VCALENDAR of a feed or of one event."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Final

import msgspec

from services.events.ical.event import utc
from shared.ical.text import line, text_line
from shared.ical.vtimezone import vtimezone

PRODUCT: Final = "-//Ehrensache//Kalender//DE"
REFRESH: Final = "PT1H"
CONTENT_TYPE: Final = "text/calendar; charset=utf-8"

_START: Final = (
    b"BEGIN:VCALENDAR\r\n"
    + line("VERSION", "2.0")
    + line("PRODID", PRODUCT)
    + line("CALSCALE", "GREGORIAN")
)
_END: Final = b"END:VCALENDAR\r\n"


class FeedHeader(msgspec.Struct, frozen=True, kw_only=True):
    """What a feed says about itself."""

    title: str
    description: str
    zone: str
    colour: str
    """#RRGGBB."""
    colour_name: str
    """The nearest CSS3 colour name."""
    feed_url: str
    page_url: str
    changed_at: datetime


def feed(header: FeedHeader, zones: Iterable[str], vevents: Sequence[bytes]) -> bytes:
    """Return a whole feed: header, the zones that its events use, the ready VEVENTs.

    No METHOD (it would need an ORGANIZER, RFC 5546 3.2.1, to whom clients then mail answers), no
    calendar-level UID (vdirsyncer would lose the feed), no TIMEZONE-ID (not registered).
    """
    return b"".join([_START, *_about(header), *_zones(zones), *vevents, _END])


def single(zone: str, vevent: bytes) -> bytes:
    """Return a calendar of one event, for "add to my calendar"; `zone` is empty for UTC."""
    return b"".join([_START, *_zones([zone]), vevent, _END])


def _about(header: FeedHeader) -> list[bytes]:
    # Clients read either the RFC 7986 name or the older X- name, so both are written.
    return [
        text_line("NAME", header.title),
        text_line("X-WR-CALNAME", header.title),
        text_line("DESCRIPTION", header.description),
        text_line("X-WR-CALDESC", header.description),
        line("X-WR-TIMEZONE", header.zone),
        line("COLOR", header.colour_name),
        line("X-APPLE-CALENDAR-COLOR", header.colour),
        line("REFRESH-INTERVAL;VALUE=DURATION", REFRESH),
        line("X-PUBLISHED-TTL", REFRESH),
        line("SOURCE;VALUE=URI", header.feed_url),
        line("URL", header.page_url),
        line("LAST-MODIFIED", utc(header.changed_at)),
    ]


def _zones(zones: Iterable[str]) -> list[bytes]:
    return [vtimezone(name) for name in sorted(set(zones)) if name]

"""What a feed says about itself, rule by rule."""

from datetime import UTC, datetime

import vobject
from icalendar import Calendar

from services.events.ical.calendar import FeedHeader, feed, single
from services.events.ical.event import vevents
from tests.events.builders import event

HEADER = FeedHeader(
    title="Veranstaltungen in Beispielstadt",
    description="Alles, was ansteht",
    zone="Europe/Berlin",
    colour="#0b5394",
    colour_name="steelblue",
    feed_url="https://ehrenamt.example.de/kalender/alle.ics",
    page_url="https://ehrenamt.example.de/termine",
    changed_at=datetime(2026, 6, 1, 8, 0, tzinfo=UTC),
)
VEVENT = vevents(event(), "https://ehrenamt.example.de/termine/1", [])
FEED = feed(HEADER, ["Europe/Berlin", "Europe/Berlin"], [VEVENT, VEVENT])
ROWS = FEED.decode().replace("\r\n ", "").split("\r\n")


def test_every_line_ends_with_crlf_and_there_is_no_byte_order_mark() -> None:
    """Source: RFC 5545 3.1; vdirsyncer and calcurse refuse a mark."""
    assert FEED.startswith(b"BEGIN:VCALENDAR\r\n")
    assert FEED.endswith(b"END:VCALENDAR\r\n")
    assert FEED.count(b"\n") == FEED.count(b"\r\n")


def test_version_and_product_come_first() -> None:
    """Source: RFC 5545 3.6."""
    assert ROWS[1:4] == ["VERSION:2.0", "PRODID:-//Ehrensache//Kalender//DE", "CALSCALE:GREGORIAN"]


def test_the_name_stands_there_for_new_and_old_clients() -> None:
    """Source: RFC 7986 5.1; X-WR-CALNAME is what most read."""
    assert "NAME:Veranstaltungen in Beispielstadt" in ROWS
    assert "X-WR-CALNAME:Veranstaltungen in Beispielstadt" in ROWS
    assert "X-WR-CALDESC:Alles\\, was ansteht" in ROWS
    assert "X-WR-TIMEZONE:Europe/Berlin" in ROWS


def test_clients_are_told_to_come_back_hourly() -> None:
    """Source: RFC 7986 5.7 with its VALUE; MS-OXCICAL 2.1.3.1.1.15; Nextcloud waits a week else."""
    assert "REFRESH-INTERVAL;VALUE=DURATION:PT1H" in ROWS
    assert "X-PUBLISHED-TTL:PT1H" in ROWS
    assert "SOURCE;VALUE=URI:https://ehrenamt.example.de/kalender/alle.ics" in ROWS


def test_the_feed_has_a_colour() -> None:
    """Source: RFC 7986 5.9 wants a CSS3 name; Apple wants its own."""
    assert "COLOR:steelblue" in ROWS
    assert "X-APPLE-CALENDAR-COLOR:#0b5394" in ROWS


def test_what_breaks_clients_is_left_out() -> None:
    """Source: RFC 5546 3.2.1 (METHOD needs ORGANIZER); pimutils/vdirsyncer#1222 (UID)."""
    header = ROWS[: ROWS.index("BEGIN:VTIMEZONE")]

    assert not [row for row in ROWS if row.startswith(("METHOD", "ORGANIZER", "TIMEZONE-ID"))]
    assert not [row for row in header if row.startswith("UID")]


def test_each_zone_stands_once_before_the_events() -> None:
    """Source: ical.md, Outlook shifts events whose zone it has not seen."""
    assert ROWS.count("BEGIN:VTIMEZONE") == 1
    assert ROWS.index("BEGIN:VTIMEZONE") < ROWS.index("BEGIN:VEVENT")


def test_zones_that_no_event_uses_are_left_out() -> None:
    assert b"VTIMEZONE" not in single("", VEVENT)


def test_independent_readers_take_the_whole_feed() -> None:
    read = Calendar.from_ical(FEED)

    assert len(read.walk("VEVENT")) == 2
    assert not [part.errors for part in read.walk() if part.errors]
    assert vobject.readOne(FEED.decode()).validate(raiseException=True)

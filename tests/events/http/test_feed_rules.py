"""What makes a feed work everywhere, rule by rule, on feeds of nasty events as they are sent.

The rules and the clients that need them: RFC 5545 and its updates, and the threads named below.
"""

import re
from datetime import timedelta
from itertools import pairwise
from typing import Any, Final

import pytest
import vobject
from icalendar import Calendar

from services.events.content import ChangedDate
from services.events.feeds.gate import PER_MINUTE
from services.events.feeds.shelf import Shelf
from services.events.feeds.variant import Variant
from shared.database import Pool, transaction
from tests.events.calendars import SITE, cancel, in_days, publish, revision_of
from tests.events.cityplaces import place
from tests.visitor import Visitor
from tests.waiting import until

ALL: Final = "/kalender/alle.ics"
QUERIES: Final = ["", "?profile=rich", "?cancelled=hide", "?profile=rich&cancelled=hide"]
NASTY: Final[list[dict[str, Any]]] = [
    {
        "title": "Zeile\u2028bricht\x85um",
        "description": "SOH \x01 VT \x0b FS \x1c BOM \ufeff DEL \x7f",
    },
    {
        "title": "Ende; Komma, Schrägstrich \\ und C:\\New",
        "description": "Absatz\r\n\r\nneu\rund alt",
    },
    {"title": "ü" * 200, "description": "日本語 🎻 " * 300},
    {"title": 'Saal "Eins": ^ ^^', "organiser": 'Verein "Wir, ihr; alle"'},
    {"title": "BEGIN:VEVENT", "description": "END:VCALENDAR\r\nMETHOD:PUBLISH\r\nUID:1"},
    {"title": "Ganztags", "all_day": True, "starts": in_days(5, 0), "ends": in_days(7, 0)},
    {"title": "Ohne Ende", "ends": None},
    {"title": "New York", "zone": "America/New_York"},
    {"title": "Casablanca", "zone": "Africa/Casablanca"},
]
Feeds = dict[str, bytes]


@pytest.fixture(scope="module")
async def feeds(living: Visitor, pool: Pool) -> Feeds:
    """The feed of everything in each variant, by query."""
    hall = await place(pool, 'Saal "Süd", 1. Stock; links', is_step_free=True)
    for nasty in NASTY:
        await publish(pool, **nasty)
    await publish(
        pool, place_id=hall, price="5 Euro", registration_url="https://a.example.de/?a,b;c"
    )
    monday = in_days(9)
    moves = [monday + timedelta(days=7), monday + timedelta(days=14)]
    await publish(
        pool, title="Serie", starts=monday, recurrence="FREQ=WEEKLY;UNTIL=20990101T000000Z",
        excluded=[monday + timedelta(days=21)], added=[monday + timedelta(days=3)],
        changed=[ChangedDate(original=moves[0], starts=moves[0] + timedelta(hours=1)),
                 ChangedDate(original=moves[1], starts=moves[1], is_cancelled=True)],
    )  # fmt: skip
    await cancel(pool, await publish(pool, title="Fällt aus"))
    revision = await revision_of(pool)

    async def is_known() -> bool:
        return f"-{revision}-" in (await living.get(ALL)).headers["etag"]

    await until(is_known)
    return {query: (await living.get(ALL + query)).content for query in QUERIES}


@pytest.fixture(params=QUERIES)
def feed(request: pytest.FixtureRequest, feeds: Feeds) -> bytes:
    """One variant after the other."""
    return feeds[request.param]


def rows(feed: bytes) -> list[str]:
    return feed.decode().replace("\r\n ", "").split("\r\n")


def starting(feed: bytes, *names: str) -> list[str]:
    return [row for row in rows(feed) if re.match(rf"(?:{'|'.join(names)})[:;]", row)]


def vevents(feed: bytes) -> list[list[str]]:
    found = re.findall(r"BEGIN:VEVENT\n(.*?)END:VEVENT\n", "\n".join(rows(feed)) + "\n", re.DOTALL)
    return [part.split("\n") for part in found]


def test_lines_end_with_crlf_the_last_one_too(feed: bytes) -> None:
    """Source: RFC 5545 3.1."""
    assert feed.endswith(b"END:VCALENDAR\r\n")
    assert feed.count(b"\r") == feed.count(b"\n") == feed.count(b"\r\n")


def test_the_bytes_are_utf8_without_a_mark(feed: bytes) -> None:
    """Source: RFC 5545 3.1.4; vdirsyncer and calcurse refuse a byte order mark."""
    assert feed.startswith(b"BEGIN:VCALENDAR\r\n")
    assert "\ufeff" not in feed.decode("utf-8")


def test_no_line_is_longer_than_75_octets_nor_split_where_it_hurts(feed: bytes) -> None:
    r"""Source: RFC 5545 3.1; Google drops an event whose `\,` is split (icalendar#1501)."""
    lines = feed.split(b"\r\n")

    assert max(map(len, lines)) <= 75
    assert all(line.decode("utf-8") is not None for line in lines)
    broken = [line for line, after in pairwise(lines) if after[:1] == b" "]
    assert not [line for line in broken if (len(line) - len(line.rstrip(b"\\"))) % 2]


def test_nothing_stands_there_that_clients_take_for_the_end_of_a_line(feed: bytes) -> None:
    """Source: RFC 5545 3.3.11; NUL empties Evolution, U+2028 breaks vdirsyncer and khal."""
    text = feed.decode().replace("\r\n", "")

    assert not re.findall("[\x00-\x08\x0a-\x1f\x7f-\x9f\u2028\u2029]", text)


def test_a_text_cannot_become_a_property(feed: bytes) -> None:
    """One bad description must not blank the feed."""
    assert feed.count(b"\r\nEND:VCALENDAR\r\n") == 1
    assert not starting(feed, "METHOD")
    assert "UID:1" not in rows(feed)
    assert Calendar.from_ical(feed).errors == []


def test_texts_are_escaped_and_read_back_as_they_were(feed: bytes) -> None:
    r"""Source: RFC 5545 3.3.11; some software does not know `\N` (hoodie/icalendar#126)."""
    assert "SUMMARY:Ende\\; Komma\\, Schrägstrich \\\\ und C:\\\\New" in rows(feed)
    assert "SUMMARY:Zeile\\nbricht\\num" in rows(feed)


def test_addresses_are_not_escaped(feed: bytes) -> None:
    """Source: RFC 5545 3.3.13, a URI is not TEXT."""
    assert not [row for row in starting(feed, "URL", "SOURCE") if "\\" in row]
    assert not [row for row in starting(feed, "GEO") if not re.search(r":-?\d+\.\d+;-?\d+", row)]


def test_parameters_are_quoted_and_carry_quotes(feed: bytes) -> None:
    """Source: RFC 6868 3."""
    [apple] = starting(feed, "X-APPLE-STRUCTURED-LOCATION")

    assert "X-TITLE=\"Saal ^'Süd^', 1. Stock; links, Ring 19\"" in apple


def test_the_calendar_says_what_each_kind_of_client_reads(feed: bytes) -> None:
    """Source: RFC 7986 5; MS-OXCICAL 2.1.3.1.1.15; nextcloud/server#45841 waits a week else."""
    header = rows(feed)[: rows(feed).index("BEGIN:VTIMEZONE")]
    names = [re.split("[:;]", row)[0] for row in header[1:]]

    assert names == [
        "VERSION", "PRODID", "CALSCALE", "NAME", "X-WR-CALNAME", "DESCRIPTION", "X-WR-CALDESC",
        "X-WR-TIMEZONE", "COLOR", "X-APPLE-CALENDAR-COLOR", "REFRESH-INTERVAL", "X-PUBLISHED-TTL",
        "SOURCE", "URL", "LAST-MODIFIED",
    ]  # fmt: skip
    assert "REFRESH-INTERVAL;VALUE=DURATION:PT1H" in header


def test_nothing_stands_there_that_loses_feeds_or_sends_mails(feed: bytes) -> None:
    """Source: pimutils/vdirsyncer#1222; RFC 5546 3.2.1; pretix/pretix#3211; libical."""
    header = rows(feed)[: rows(feed).index("BEGIN:VTIMEZONE")]

    assert not [row for row in header if row.startswith("UID")]
    assert not starting(feed, "METHOD", "ORGANIZER", "ATTENDEE", "TIMEZONE-ID")
    assert b"BEGIN:VALARM" not in feed


def test_zones_stand_once_before_the_events_under_their_plain_names(feed: bytes) -> None:
    """Source: RFC 5545 3.6.5; owncloud/calendar#687, Outlook shifts what it has not seen."""
    told = rows(feed)
    zones = [row for row in told if row.startswith("TZID:")]
    last_zone = max(index for index, row in enumerate(told) if row == "END:VTIMEZONE")

    assert zones == ["TZID:America/New_York", "TZID:Europe/Berlin"]
    assert last_zone < told.index("BEGIN:VEVENT")
    assert set(re.findall(r"TZID=([^:;]+)", "\n".join(told))) == {
        "America/New_York",
        "Europe/Berlin",
    }


def test_zones_are_yearly_rules_with_one_day(feed: bytes) -> None:
    """Source: MS-OXCICAL 2.1.3.1.1.19.2.2; iCalcreator/iCalcreator#86, Outlook ignores RDATE."""
    text = "\n".join(rows(feed))
    zones = re.findall(r"BEGIN:VTIMEZONE\n(.*?)END:VTIMEZONE", text, re.DOTALL)

    assert len(zones) == 2
    for zone in zones:
        assert "RDATE" not in zone
        assert len(re.findall(r"RRULE:FREQ=YEARLY;BYMONTH=\d+;BYDAY=-?\d[A-Z]{2}\n", zone)) == 2


def test_a_zone_that_no_rule_describes_is_written_in_utc(feed: bytes) -> None:
    """Source: tz data, Morocco's clocks follow the moon; a wrong rule is an hour off."""
    [morocco] = [event for event in vevents(feed) if "SUMMARY:Casablanca" in event]

    assert [row for row in morocco if re.fullmatch(r"DTSTART:\d{8}T\d{6}Z", row)]


def test_every_event_has_what_makes_updates_arrive(feed: bytes) -> None:
    """Source: RFC 5545 3.6.1, 3.8.7; GatherPress/gatherpress#2058, aaronpk/Meetable#176."""
    for event in vevents(feed):
        for name in ("UID", "DTSTAMP", "SEQUENCE", "CREATED", "LAST-MODIFIED", "DTSTART",
                     "SUMMARY", "STATUS", "TRANSP", "CLASS", "URL"):  # fmt: skip
            found = [row for row in event if re.match(rf"{name}[:;]", row)]
            assert found, (name, event)
        stamps = [row for row in event if re.match("DTSTAMP|CREATED|LAST-MODIFIED", row)]
        assert all(re.fullmatch(r"[A-Z-]+:\d{8}T\d{6}Z", row) for row in stamps)


def test_no_time_floats(feed: bytes) -> None:
    """Source: zetkin/app.zetkin.org#3492, Google reads floating times as UTC."""
    form = r"[A-Z-]+(?:;TZID=[A-Za-z_/]+:\d{8}T\d{6}|;VALUE=DATE:\d{8}|:\d{8}T\d{6}Z)"
    for event in vevents(feed):
        times = [row for row in event if re.match("DTSTART|DTEND|EXDATE|RDATE|RECURRENCE-ID", row)]
        assert [row for row in times if not re.fullmatch(form, row)] == []


def test_an_end_is_never_before_nor_at_the_start(feed: bytes) -> None:
    """Source: RFC 5545 3.6.1; calcurse drops an equal end, khal an earlier one."""
    for event in Calendar.from_ical(feed).walk("VEVENT"):
        if "DTEND" in event:
            assert event["DTEND"].dt > event["DTSTART"].dt


def test_overrides_follow_their_series_with_its_uid_and_type(feed: bytes) -> None:
    """Source: RFC 5545 3.8.4.4; niccokunzmann/python-recurring-ical-events#223."""
    events = vevents(feed)
    series = next(number for number, event in enumerate(events) if "SUMMARY:Serie" in event)
    uid = events[series][0]
    family = [event for event in events if event[0] == uid]

    assert uid.startswith("UID:")
    assert events[series : series + len(family)] == family
    assert not any(row.startswith("RECURRENCE-ID") for row in family[0])
    for override in family[1:]:
        assert [row for row in override if row.startswith("RECURRENCE-ID;TZID=Europe/Berlin:")]
        assert not [row for row in override if row.startswith("RRULE")]
        assert [row for row in override if row.startswith("SEQUENCE")] == [
            row for row in family[0] if row.startswith("SEQUENCE")
        ]


def test_until_is_in_utc_where_the_start_has_a_zone(feed: bytes) -> None:
    """Source: RFC 5545 3.3.10."""
    [rule] = [row for event in vevents(feed) for row in event if row.startswith("RRULE")]

    assert rule == "RRULE:FREQ=WEEKLY;UNTIL=20990101T000000Z"


def test_what_is_cancelled_says_so_where_it_is_seen(feeds: Feeds) -> None:
    """Source: hackgvl/hackgreenville-com#498; bitfireAT/synctools#91, Android shows it as held."""
    shown = [event for event in vevents(feeds[""]) if "SUMMARY:Abgesagt: Fällt aus" in event]
    hidden = [event for event in vevents(feeds["?cancelled=hide"]) if "STATUS:CANCELLED" in event]

    assert len(shown) == 1
    assert {"STATUS:CANCELLED", "TRANSP:TRANSPARENT", "SEQUENCE:1"} <= set(shown[0])
    assert hidden == []


def test_new_components_stand_only_where_they_were_asked_for(feeds: Feeds) -> None:
    """Source: libical 3.0 complains of each; calcurse drops events with LOCATION-TYPE."""
    new = re.compile(rb"\r\n(?:BEGIN:(?:PARTICIPANT|VLOCATION)|LINK|CONCEPT|REFID)")

    assert not new.findall(feeds[""])
    assert new.findall(feeds["?profile=rich"])
    assert b"LOCATION-TYPE" not in feeds["?profile=rich"]


def test_two_independent_readers_take_every_event(feed: bytes) -> None:
    """Source: icalendar and vobject, the latter as a small validator."""
    read = Calendar.from_ical(feed)
    also = vobject.readOne(feed.decode())

    assert [part.errors for part in read.walk() if part.errors] == []
    assert also.validate(raiseException=True)
    assert len(read.walk("VEVENT")) == len(list(also.vevent_list)) == len(vevents(feed))


async def test_every_process_sends_the_same_bytes(feeds: Feeds, pool: Pool) -> None:
    """Source: indico/indico#4784, a stamp of the reading makes every copy look new."""
    other = Shelf(pool, SITE)
    await other.refresh()
    everything = other.find("alle")

    assert everything is not None
    assert (await other.body(everything)).content == feeds[""]
    assert (await other.body(everything, Variant(is_rich=True))).content == feeds["?profile=rich"]


async def test_what_is_deleted_is_a_new_revision_and_no_older_date(
    visitor: Visitor, pool: Pool, feeds: Feeds
) -> None:
    """Source: jsenecal/netbox-notices#70, a greatest change date goes back on deletion."""
    assert feeds
    event = await publish(pool)
    before = await pool.fetchrow("select revision, changed_at from feed where slug = 'alle'")

    async with transaction(pool) as opened:
        await opened.execute(
            "delete from calendar_event where calendar_event_id = $1", event.calendar_event_id
        )

    after = await pool.fetchrow("select revision, changed_at from feed where slug = 'alle'")
    assert before is not None
    assert after is not None
    assert after["revision"] == before["revision"] + 1
    assert after["changed_at"] > before["changed_at"]

    async def is_gone() -> bool:
        return event.uid.encode() not in (await visitor.get(ALL)).content

    assert await until(is_gone)


async def test_a_feed_has_no_disposition_and_one_open_origin(visitor: Visitor) -> None:
    """Source: nensii21/devlink#882; GetTogetherComm/GetTogether#186, sent twice it breaks."""
    headers = (await visitor.get(ALL)).headers

    assert headers["content-type"] == "text/calendar; charset=utf-8"
    assert "content-disposition" not in headers
    assert headers.get_list("access-control-allow-origin") == ["*"]


async def test_a_304_repeats_what_a_200_says(visitor: Visitor) -> None:
    """Source: RFC 9110 15.4.5. Nobody writes into this feed while it is asked twice."""
    whole = await visitor.get("/kalender/sport.ics")

    etag = whole.headers["etag"]
    empty = await visitor.get("/kalender/sport.ics", headers={"if-none-match": etag})

    assert empty.status_code == 304
    for name in ("etag", "cache-control", "vary", "access-control-allow-origin"):
        assert empty.headers[name] == whole.headers[name]
    assert empty.headers.get("last-modified") == whole.headers.get("last-modified")
    assert "content-length" not in empty.headers


async def test_a_client_in_a_loop_is_told_to_wait_and_nobody_else(visitor: Visitor) -> None:
    """Source: nextcloud/calendar#4966, polled without a pause; 429 with Retry-After."""

    async def status(address: str, path: str = ALL) -> int:
        answer = await visitor.get(path, headers={"x-forwarded-for": address})
        return answer.status_code

    await status("203.0.113.9")
    loop = [await status("203.0.113.9") for _ in range(PER_MINUTE + 20)]
    told = await visitor.get(ALL, headers={"x-forwarded-for": "203.0.113.9"})

    assert loop[: PER_MINUTE // 2] == [200] * (PER_MINUTE // 2)
    assert told.status_code == 429
    assert told.headers["retry-after"] == "60"
    assert await status("203.0.113.9", "/kalender/sport.ics") == 200
    assert await status("203.0.113.10") == 200
    assert await status("2001:db8::1") == 200
    assert (await visitor.get(ALL)).status_code == 200

"""Feeds as calendar programs read them."""

import gzip
import sys
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime, parsedate_to_datetime

import brotli
import icalendar
import pytest
import recurring_ical_events
from icalendar import Calendar
from litestar import Litestar

from services.events.content import ChangedDate
from services.events.feeds.conditional import SETTLED
from services.events.feeds.shelf import Shelf
from services.events.feeds.store import move_window
from services.events.keeping import Deed, keep_events
from shared.database import Pool, transaction
from tests.events.calendars import SITE, cancel, in_days, publish
from tests.events.cityplaces import place
from tests.visitor import Visitor
from tests.waiting import until

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

ALL = "/kalender/alle.ics"


async def fresh(visitor: Visitor, pool: Pool, path: str = ALL) -> bytes:
    """Wait until the process has learnt of the last revision, and read the feed."""
    slug = path.removeprefix("/kalender/").removesuffix(".ics")

    async def is_known() -> bool:
        revision = await pool.fetchval("select revision from feed where slug = $1", slug)
        return f"-{revision}-" in (await visitor.get(path)).headers["etag"]

    await until(is_known)
    return (await visitor.get(path)).content


async def test_a_published_event_is_in_the_feed_at_once(visitor: Visitor, pool: Pool) -> None:
    event = await publish(pool)

    feed = await fresh(visitor, pool)

    read = Calendar.from_ical(feed)
    assert event.uid in [str(each["UID"]) for each in read.walk("VEVENT")]
    assert not read.errors


async def test_a_feed_says_what_clients_need(visitor: Visitor, pool: Pool) -> None:
    await publish(pool)
    await fresh(visitor, pool)

    headers = (await visitor.get(ALL, headers={"accept-encoding": "identity"})).headers

    assert headers["content-type"] == "text/calendar; charset=utf-8"
    assert headers["etag"].startswith('W/"alle-')
    assert headers["cache-control"] == "public, max-age=300, stale-while-revalidate=3600"
    assert headers["access-control-allow-origin"] == "*"
    assert headers["vary"] == "accept-encoding"
    assert "content-disposition" not in headers
    assert "content-encoding" not in headers
    assert "set-cookie" not in headers


async def test_a_client_that_is_up_to_date_gets_nothing_again(visitor: Visitor, pool: Pool) -> None:
    await publish(pool)
    await fresh(visitor, pool)
    etag = (await visitor.get(ALL)).headers["etag"]

    for sent in (etag, etag.removeprefix("W/"), f'"x", {etag}', "*"):
        answer = await visitor.get(ALL, headers={"if-none-match": sent})
        assert (answer.status_code, answer.content) == (304, b"")
        assert answer.headers["etag"] == etag
        assert "cache-control" in answer.headers
        assert "vary" in answer.headers


async def test_every_change_makes_a_new_revision(visitor: Visitor, pool: Pool) -> None:
    event = await publish(pool)
    await fresh(visitor, pool)
    etag = (await visitor.get(ALL)).headers["etag"]

    await cancel(pool, event)
    await fresh(visitor, pool)
    answer = await visitor.get(ALL, headers={"if-none-match": etag})

    assert answer.status_code == 200
    assert b"STATUS:CANCELLED" in answer.content


async def test_a_change_leaves_the_feeds_of_other_categories_alone(
    visitor: Visitor, pool: Pool
) -> None:
    before = await pool.fetchval("select revision from feed where slug = 'sport'")

    await publish(pool, categories=["culture"])

    assert await pool.fetchval("select revision from feed where slug = 'sport'") == before
    assert b"VEVENT" not in (await visitor.get("/kalender/sport.ics")).content


async def test_many_changes_in_one_transaction_are_one_revision(pool: Pool) -> None:
    events = [await publish(pool) for _ in range(3)]
    before = await pool.fetchval("select revision from feed where slug = 'alle'")

    async with transaction(pool) as opened:
        await keep_events(opened, events, SITE, datetime.now(UTC), Deed("draft_event", "Redaktion"))

    assert await pool.fetchval("select revision from feed where slug = 'alle'") == before + 1


async def test_a_date_counts_only_without_a_tag_and_only_if_it_is_past(
    visitor: Visitor, pool: Pool
) -> None:
    """Source: RFC 9110 13.1.3; jsenecal/netbox-notices#67 answered 304 to any date."""
    await publish(pool)
    set_back = "update feed set changed_at = now() - interval '1 hour' returning changed_at"
    changed_at = await pool.fetchval(set_back)
    await pool.execute("select pg_notify('events_feed', '')")

    async def told() -> str:
        date = str((await visitor.get(ALL)).headers.get("last-modified", ""))
        late = parsedate_to_datetime(date) - changed_at if date else timedelta.max
        return date if timedelta(0) <= late <= SETTLED else ""

    dated = await until(told)

    async def status(**headers: str) -> int:
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        return (await visitor.get(ALL, headers=sent)).status_code

    day = timedelta(days=1)
    told_at = parsedate_to_datetime(dated)
    assert await status(if_modified_since=dated) == 304
    assert await status(if_modified_since=format_datetime(told_at - day, usegmt=True)) == 200
    assert await status(if_modified_since=format_datetime(told_at + day, usegmt=True)) == 200
    assert await status(if_modified_since="gestern") == 200
    assert await status(if_modified_since=dated, if_none_match='W/"old"') == 200


async def test_a_feed_that_has_just_changed_has_no_date_yet(visitor: Visitor, pool: Pool) -> None:
    """Source: RFC 9110 8.8.2.2, the same second may bring another revision."""
    await publish(pool)
    await fresh(visitor, pool)

    assert "last-modified" not in (await visitor.get(ALL)).headers


UNPACK = {
    "gzip": gzip.decompress,
    "br": brotli.decompress,
    "zstd": zstd.decompress,
    None: bytes,
}


@pytest.mark.parametrize(
    ("accepted", "coding"),
    [("gzip", "gzip"), ("br, gzip;q=0.5", "br"), ("GZIP", "gzip"), ("x-gzip", "gzip"),
     ("br;q=0.2, gzip;q=0.5", "gzip"), ("gzip, deflate, br, zstd", "br"), ("zstd", "zstd"),
     ("identity", None), ("gzip;q=0", None), ("", None), ("*", None), ("notgzip", None),
     ("br;q=9", None), ("gzip, \xff", "gzip"), ("gzip;q=0.000, zstd;q=0.001", "zstd")],
)  # fmt: skip
async def test_a_client_gets_the_coding_that_it_asks_for(
    visitor: Visitor, pool: Pool, accepted: str, coding: str | None
) -> None:
    """Source: RFC 9110 12.5.3; MagicMirrorOrg/MagicMirror#1400 decodes nothing unasked."""
    await fresh(visitor, pool)
    headers = {b"accept-encoding": accepted.encode("latin-1")}
    request = visitor.client.build_request("GET", ALL, headers=headers)

    answer = await visitor.client.send(request, stream=True)
    raw = b"".join([part async for part in answer.aiter_raw()])

    assert answer.headers.get("content-encoding") == coding
    assert int(answer.headers["content-length"]) == len(raw)
    assert UNPACK[coding](raw).startswith(b"BEGIN:VCALENDAR")
    assert answer.headers["vary"] == "accept-encoding"


async def test_every_coding_has_the_same_tag(visitor: Visitor, pool: Pool) -> None:
    """Source: RFC 9110 8.8.3.3, one weak tag for all of them."""
    await fresh(visitor, pool)

    tags = {
        (await visitor.get(ALL, headers={"accept-encoding": coding})).headers["etag"]
        for coding in ("identity", "gzip", "br", "zstd")
    }

    assert len(tags) == 1
    assert tags.pop().startswith('W/"')


async def test_packing_can_be_switched_off(app: Litestar, visitor: Visitor, pool: Pool) -> None:
    """Source: markuspoerschke/iCal#541, Outlook read a feed only without gzip."""
    await fresh(visitor, pool)
    usual = app.state.shelf
    app.state.shelf = Shelf(pool, SITE, packs=False)
    await app.state.shelf.refresh()

    answer = await visitor.get(ALL, headers={"accept-encoding": "gzip"})
    app.state.shelf = usual

    assert "content-encoding" not in answer.headers


async def test_what_is_cancelled_can_be_left_out(visitor: Visitor, pool: Pool) -> None:
    """Source: w3c/calendar#60, cancelled events clutter Apple's calendar."""
    gone = await cancel(pool, await publish(pool))
    monday = in_days(7)
    series = await publish(
        pool, starts=monday, recurrence="FREQ=WEEKLY;COUNT=3",
        changed=[
            ChangedDate(original=monday + timedelta(days=7), starts=monday + timedelta(days=7),
                        is_cancelled=True),
            ChangedDate(original=monday + timedelta(days=14), starts=monday + timedelta(days=15)),
        ],
    )  # fmt: skip
    shown = Calendar.from_ical(await fresh(visitor, pool))

    answer = await visitor.get(f"{ALL}?cancelled=hide")
    feed = Calendar.from_ical(answer.content)

    def kept(read: Calendar, uid: str) -> list[str]:
        return [str(each["STATUS"]) for each in read.walk("VEVENT") if each["UID"] == uid]

    assert kept(shown, gone.uid) == ["CANCELLED"]
    assert kept(shown, series.uid) == ["CONFIRMED", "CANCELLED", "CONFIRMED"]
    assert kept(feed, gone.uid) == []
    assert kept(feed, series.uid) == ["CONFIRMED", "CONFIRMED"]
    only = icalendar.Calendar()
    for part in feed.walk("VEVENT"):
        if part["UID"] == series.uid:
            only.add_component(part)
    dates = recurring_ical_events.of(only).between(monday, monday + timedelta(days=30))
    assert [each.start.replace(tzinfo=None) for each in dates] == [
        monday,
        monday + timedelta(days=15),
    ]


async def test_each_way_to_ask_has_a_tag_of_its_own(visitor: Visitor, pool: Pool) -> None:
    await publish(pool)
    await fresh(visitor, pool)
    queries = ["", "?cancelled=hide", "?profile=rich", "?cancelled=hide&profile=rich"]

    answers = [await visitor.get(ALL + query) for query in queries]
    others = [await visitor.get(ALL + query) for query in ("?profile=x&utm=1", "?" + "a&" * 99)]

    tags = [answer.headers["etag"] for answer in answers]
    assert len(set(tags)) == 4
    assert [other.headers["etag"] for other in others] == [tags[0]] * 2
    for query, tag in zip(queries, tags, strict=True):
        again = await visitor.get(ALL + query, headers={"if-none-match": tag})
        assert again.status_code == 304
    crossed = await visitor.get(f"{ALL}?profile=rich", headers={"if-none-match": tags[0]})
    assert crossed.status_code == 200


async def test_the_rich_profile_has_what_newer_programs_read(visitor: Visitor, pool: Pool) -> None:
    """Source: RFC 9073 7.1 and 7.2, RFC 9253 8.1 to 8.3; only where it was asked for."""
    hall = await place(pool, "Saal, hinten", is_step_free=True)
    await publish(
        pool, place_id=hall, organiser="Chor", registration_url="https://anmelden.example.de/1",
        categories=["culture"],
    )  # fmt: skip
    plain = (await fresh(visitor, pool)).decode().replace("\r\n ", "")

    rich = (await visitor.get(f"{ALL}?profile=rich")).text.replace("\r\n ", "")

    news = [
        "BEGIN:PARTICIPANT", "PARTICIPANT-TYPE:PLANNER-CONTACT", "PARTICIPANT-TYPE:BOOKING-CONTACT",
        "BEGIN:VLOCATION", "NAME:Saal\\, hinten",
        "CONCEPT:https://ehrenamt.example.de/termine?rubrik=kultur",
        'LINK;LINKREL="describedby";VALUE=URI:https://ehrenamt.example.de/termine/',
    ]  # fmt: skip
    assert [new in rich for new in news] == [True] * len(news)
    assert [new in plain for new in news] == [False] * len(news)
    assert "LOCATION-TYPE" not in rich
    assert "Barrierefreiheit: Stufenloser Zugang\\, Klingel links" in plain
    assert "SOURCE;VALUE=URI:https://ehrenamt.example.de/kalender/alle.ics?profile=rich" in rich
    assert not Calendar.from_ical(rich.encode()).errors


async def test_head_is_get_without_the_body(visitor: Visitor, pool: Pool) -> None:
    await fresh(visitor, pool)
    got = await visitor.get(ALL)

    head = await visitor.client.head(ALL)

    assert (head.status_code, head.content) == (200, b"")
    assert head.headers["content-length"] == got.headers["content-length"]
    assert head.headers["etag"] == got.headers["etag"]


async def test_other_methods_are_told_what_is_allowed(visitor: Visitor) -> None:
    asked = await visitor.client.options(ALL)
    refused = await visitor.client.delete(ALL)

    assert (asked.status_code, asked.headers["allow"]) == (204, "GET, HEAD, OPTIONS")
    assert refused.status_code == 405


async def test_authorization_is_not_looked_at(visitor: Visitor) -> None:
    """Source: Outlook sends a modern-auth header to public feeds and gives up on 4xx."""
    answer = await visitor.get(ALL, headers={"authorization": "Bearer abc.def.ghi"})

    assert answer.status_code == 200


async def test_what_was_long_ago_leaves_the_feed(visitor: Visitor, pool: Pool) -> None:
    old = await publish(pool, starts=in_days(-40))
    recent = await publish(pool, starts=in_days(-20))
    far = await publish(pool, starts=in_days(400))

    feed = await fresh(visitor, pool)

    assert old.uid.encode() not in feed
    assert recent.uid.encode() in feed
    assert far.uid.encode() not in feed


async def revisions(pool: Pool) -> dict[str, int]:
    rows = await pool.fetch("select slug, revision from feed")
    return {row["slug"]: row["revision"] for row in rows}


async def test_an_event_that_leaves_the_window_makes_a_new_revision(pool: Pool) -> None:
    """Source: jsenecal/netbox-notices#74."""
    await publish(pool, starts=in_days(-33), categories=["seniors"])
    await pool.execute("update feed set window_on = current_date - 5 where slug = 'alle'")
    before = await revisions(pool)

    async with transaction(pool) as opened:
        moved = await move_window(opened)
    async with transaction(pool) as opened:
        moved_again = await move_window(opened)

    after = await revisions(pool)
    assert (moved, moved_again) == (True, False)
    assert after["senioren"] == after["alle"] == before["alle"] + 1
    assert after["umwelt"] == before["umwelt"]


async def test_feeds_are_read_without_a_query_and_without_a_library(
    visitor: Visitor, pool: Pool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Source: ical.md 4.5, zero calls of icalendar on the read path."""
    await publish(pool)
    await fresh(visitor, pool)

    def stop(*_: object, **__: object) -> None:
        raise AssertionError("icalendar was called")

    for kind in (icalendar.Calendar, icalendar.Event, icalendar.Timezone):
        monkeypatch.setattr(kind, "to_ical", stop)
        monkeypatch.setattr(kind, "from_ical", stop)
    async with transaction(pool) as locking:
        await locking.execute("lock table feed, event_ical in access exclusive mode")
        answers = [await visitor.get(ALL) for _ in range(20)]

    assert {answer.status_code for answer in answers} == {200}

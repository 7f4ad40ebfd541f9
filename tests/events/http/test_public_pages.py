"""What citizens see of the calendar."""

import json
import re
from datetime import timedelta
from uuid import uuid4

import pytest
from icalendar import Calendar

from services.events.site import event_path
from shared.database import Pool
from tests.events.calendars import cancel, draft, in_days, publish
from tests.visitor import PUBLIC_URL, Visitor


async def test_an_event_stands_in_the_list_under_its_day(visitor: Visitor, pool: Pool) -> None:
    event = await publish(pool, title=f"Lesung {uuid4()}", starts=in_days(3))

    shown = await visitor.get("/")

    path = event_path(event.calendar_event_id, event.title)
    assert shown.status_code == 200
    assert f'href="{path}"' in shown.text
    assert "19:00 – 21:00 Uhr" in shown.text


async def test_a_draft_is_on_no_page(visitor: Visitor, pool: Pool) -> None:
    event = await draft(pool, title=f"Geheim {uuid4()}", starts=in_days(3))

    pages = ["/termine", f"/termine/monat/{event.starts:%Y-%m}", "/sitemap.xml"]
    shown = [(await visitor.get(path)).text for path in pages]
    hidden = await visitor.get(f"/termine/{event.calendar_event_id}")
    file = await visitor.get(f"/termine/{event.calendar_event_id}/termin.ics")
    assert not any(str(event.calendar_event_id) in text for text in shown)
    assert (hidden.status_code, file.status_code) == (404, 404)


async def test_the_list_can_be_searched_by_word_category_and_day(
    visitor: Visitor, pool: Pool
) -> None:
    word = uuid4().hex
    await publish(pool, title=f"Ehrenamtsbörse {word}", starts=in_days(5), categories=["sport"])

    async def finds(query: str) -> bool:
        return f"Ehrenamtsbörse {word}" in (await visitor.get(f"/termine?{query}")).text

    assert await finds(f"suche=börse+{word}")
    assert not await finds("suche=gibtesnicht")
    assert not await finds("suche=%25%25")
    assert await finds(f"suche={word}&rubrik=sport")
    assert not await finds(f"suche={word}&rubrik=kultur")
    assert await finds(f"suche={word}&ab={in_days(5):%Y-%m-%d}")
    assert not await finds(f"suche={word}&ab={in_days(6):%Y-%m-%d}")


@pytest.mark.parametrize(
    "query", ["rubrik=quatsch", "ab=morgen", "ab=1800-01-01", "seite=0", "seite=x", "suche=%00"]
)
async def test_a_question_that_makes_no_sense_is_a_400(visitor: Visitor, query: str) -> None:
    assert (await visitor.get(f"/termine?{query}")).status_code == 400


async def test_a_long_list_goes_on_on_the_next_page(visitor: Visitor, pool: Pool) -> None:
    word = uuid4().hex
    for number in range(41):
        await publish(
            pool, title=f"{word} {number:02}", starts=in_days(7) + timedelta(minutes=number)
        )

    first = await visitor.get(f"/termine?suche={word}")
    second = await visitor.get(f"/termine?suche={word}&seite=2")
    assert f"{word} 39" in first.text
    assert f"{word} 40" not in first.text
    assert "seite=2" in first.text
    assert f"{word} 40" in second.text


async def test_the_event_page_says_when_and_where(visitor: Visitor, pool: Pool) -> None:
    event = await publish(pool, title="Tag der <Musik>", website="https://musik.example.de/a")

    shown = await visitor.get(event_path(event.calendar_event_id, event.title))

    assert "Tag der &lt;Musik&gt;" in shown.text
    assert "Hauptstraße 1, 01067 Dresden" in shown.text
    assert "19:00 bis 21:00 Uhr" in shown.text
    assert f"/termine/{event.calendar_event_id}/termin.ics" in shown.text


async def test_the_event_page_describes_itself_to_search_engines(
    visitor: Visitor, pool: Pool
) -> None:
    event = await publish(pool, title="</script><b>Böse</b>")

    shown = await visitor.get(f"/termine/{event.calendar_event_id}")

    found = re.search(r'<script type="application/ld\+json">(.*?)</script>', shown.text, re.DOTALL)
    assert found is not None
    described = json.loads(found[1])
    assert described["name"] == "</script><b>Böse</b>"
    assert described["@type"] == "Event"
    assert described["eventStatus"] == "https://schema.org/EventScheduled"
    assert described["startDate"].startswith(f"{event.starts:%Y-%m-%dT%H:%M:00}+0")


async def test_a_cancelled_event_stays_and_says_so(visitor: Visitor, pool: Pool) -> None:
    event = await cancel(pool, await publish(pool, title=f"Abend {uuid4()}"))

    listed = await visitor.get(f"/termine?suche={event.title.split()[1]}")
    shown = await visitor.get(f"/termine/{event.calendar_event_id}")
    assert "Abgesagt" in listed.text
    assert "Diese Veranstaltung ist abgesagt." in shown.text
    assert "EventCancelled" in shown.text


async def test_an_event_can_be_taken_into_ones_own_calendar(visitor: Visitor, pool: Pool) -> None:
    event = await publish(pool)

    file = await visitor.get(f"/termine/{event.calendar_event_id}/termin.ics")

    [read] = Calendar.from_ical(file.content).walk("VEVENT")
    again = await visitor.get(
        f"/termine/{event.calendar_event_id}/termin.ics",
        headers={"if-none-match": file.headers["etag"]},
    )
    assert file.headers["content-type"] == "text/calendar; charset=utf-8"
    assert read["UID"] == event.uid
    assert b"METHOD" not in file.content
    assert again.status_code == 304


async def test_the_month_shows_every_day_of_an_event(visitor: Visitor, pool: Pool) -> None:
    title = f"Festwoche {uuid4()}"
    await publish(
        pool, title=title, starts=in_days(0, 0).replace(day=10, month=5, year=2031),
        ends=in_days(0, 0).replace(day=13, month=5, year=2031), all_day=True,
    )  # fmt: skip

    shown = await visitor.get("/termine/monat/2031-05")

    assert "Mai 2031" in shown.text
    assert shown.text.count(title) == 3
    assert "/termine/monat/2031-04" in shown.text
    assert "/termine/monat/2031-06" in shown.text


async def test_an_empty_month_leads_to_the_next_day_with_something(
    visitor: Visitor, pool: Pool
) -> None:
    await publish(pool, starts=in_days(0, 19).replace(day=12, month=3, year=2091))

    shown = await visitor.get("/termine/monat/2091-01")

    assert "In diesem Monat steht nichts im Kalender." in shown.text
    assert (
        '<a class="kern-link" href="/termine/monat/2091-03">Montag, 12. März 2091</a>' in shown.text
    )


async def test_one_can_jump_to_a_later_month(visitor: Visitor) -> None:
    shown = await visitor.get("/termine?ab=2030-11-30")

    assert 'href="/termine?ab=2030-12-01">Dezember 2030</a>' in shown.text
    assert 'href="/termine?ab=2031-04-01">April 2031</a>' in shown.text


@pytest.mark.parametrize("month", ["2026-13", "quatsch", "1960-01", "9999-12", "2026"])
async def test_a_month_that_does_not_exist_is_a_404(visitor: Visitor, month: str) -> None:
    assert (await visitor.get(f"/termine/monat/{month}")).status_code == 404


@pytest.mark.parametrize(
    "path", ["/termine/quatsch", "/termine/0199f3a0-0000-7000-8000-000000000000", "/kalender/x.ics"]
)
async def test_what_is_not_there_is_a_404(visitor: Visitor, path: str) -> None:
    assert (await visitor.get(path)).status_code == 404


async def test_robots_may_read_feeds_but_not_the_console(visitor: Visitor) -> None:
    """Source: ical.md, Google refuses a feed whose path is disallowed."""
    rules = (await visitor.get("/robots.txt")).text

    assert "Disallow: /konsole" in rules
    assert "Disallow: /kalender" not in rules
    assert f"Sitemap: {PUBLIC_URL}/sitemap.xml" in rules


async def test_the_sitemap_lists_public_events(visitor: Visitor, pool: Pool) -> None:
    event = await publish(pool, title="Musik & Tanz")

    listed = await visitor.get("/sitemap.xml")

    assert listed.headers["content-type"].startswith("application/xml")
    assert f"{PUBLIC_URL}{event_path(event.calendar_event_id, event.title)}" in listed.text


@pytest.mark.parametrize("path", ["/impressum", "/datenschutz", "/barrierefreiheit"])
async def test_the_legal_pages_are_there(visitor: Visitor, path: str) -> None:
    shown = await visitor.get(path)

    assert shown.status_code == 200
    assert "ehrenamt@example.de" in shown.text

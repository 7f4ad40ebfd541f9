"""The calendar on other people's sites: Atom, a list in a frame, the sitemap."""

import re
from datetime import UTC, datetime, timedelta
from uuid import uuid4
from xml.etree import ElementTree as ET

import pytest

from services.events.content import DEFAULT_ZONE
from services.events.http.atom import NAMESPACE
from services.events.site import event_path
from services.events.wording import day_phrase
from shared.database import Pool
from shared.ical.timezone import wall_clock
from tests.events.builders import at
from tests.events.calendars import cancel, draft, in_days, publish
from tests.visitor import PUBLIC_URL, Visitor

ATOM = {"a": NAMESPACE}


async def test_atom_tells_what_was_changed_last_first(visitor: Visitor, pool: Pool) -> None:
    """Source: RFC 4287 4.1.1 and 4.1.2, what feed and entry must have."""
    word = uuid4().hex
    older = await publish(pool, title=f"Alt {word}", description="a \x02& <b>")
    newer = await cancel(pool, await publish(pool, title=f"Neu {word}"))
    await draft(pool, title=f"Entwurf {word}")

    answer = await visitor.get(f"/termine.atom?suche={word}")

    read = ET.fromstring(answer.content)  # noqa: S314 - our own
    entries = read.findall("a:entry", ATOM)
    ids = [entry.findtext("a:id", namespaces=ATOM) for entry in entries]
    assert answer.headers["content-type"] == "application/atom+xml; charset=utf-8"
    assert answer.headers["access-control-allow-origin"] == "*"
    assert ids == [f"urn:uuid:{each.calendar_event_id}" for each in (newer, older)]
    assert entries[0].findtext("a:title", namespaces=ATOM) == f"Abgesagt: Neu {word}"
    for name in ("id", "title", "updated", "author/a:name"):
        assert read.findtext(f"a:{name}", namespaces=ATOM), name
    for name in ("updated", "published", "summary"):
        assert entries[0].findtext(f"a:{name}", namespaces=ATOM), name
    link = entries[1].find("a:link", ATOM)
    assert link is not None
    assert link.get("href") == PUBLIC_URL + event_path(older.calendar_event_id, older.title)


async def test_atom_is_not_sent_again_to_who_has_it(visitor: Visitor, pool: Pool) -> None:
    word = uuid4().hex
    event = await publish(pool, title=f"Probe {word}")
    path = f"/termine.atom?suche={word}"
    etag = (await visitor.get(path)).headers["etag"]

    again = await visitor.get(path, headers={"if-none-match": etag})
    await cancel(pool, event)
    changed = await visitor.get(path, headers={"if-none-match": etag})

    assert (again.status_code, changed.status_code) == (304, 200)


async def test_an_empty_atom_feed_is_still_one(visitor: Visitor) -> None:
    answer = await visitor.get(f"/termine.atom?suche={uuid4().hex}")

    assert ET.fromstring(answer.content).findtext("a:updated", namespaces=ATOM)  # noqa: S314


async def test_other_sites_may_show_the_list_in_a_frame(visitor: Visitor, pool: Pool) -> None:
    word = uuid4().hex
    # On the city's clock it may be tomorrow already.
    today = wall_clock(datetime.now(UTC), DEFAULT_ZONE).replace(hour=19, microsecond=0)
    event = await publish(pool, title=f"Fest {word}", starts=today + timedelta(days=1), ends=None)
    await publish(pool, title=f"Später {word}", starts=today + timedelta(days=2), ends=None)

    shown = await visitor.get(f"/termine/einbetten?suche={word}&anzahl=1")

    policy = shown.headers["content-security-policy"]
    assert "frame-ancestors *" in policy
    assert "default-src 'none'" in policy
    assert "script-src" not in policy
    assert shown.headers["cross-origin-resource-policy"] == "cross-origin"
    assert shown.headers["x-robots-tag"] == "noindex"
    assert "set-cookie" not in shown.headers
    assert PUBLIC_URL + event_path(event.calendar_event_id, event.title) in shown.text
    assert f"Später {word}" not in shown.text
    assert "<script" not in shown.text
    assert "Morgen, " in shown.text


async def test_no_other_page_may_be_shown_in_a_frame(visitor: Visitor) -> None:
    for path in ("/termine", "/kalender", "/termine/einbetten/anleitung"):
        policy = (await visitor.get(path)).headers["content-security-policy"]
        assert "frame-ancestors 'none'" in policy


@pytest.mark.parametrize("rows", ["0", "51", "-1", "viele", "1e1", "²"])
async def test_a_number_of_rows_that_makes_no_sense_is_a_400(visitor: Visitor, rows: str) -> None:
    assert (await visitor.get(f"/termine/einbetten?anzahl={rows}")).status_code == 400


async def test_the_instructions_give_the_lines_for_a_selection(visitor: Visitor) -> None:
    shown = (await visitor.get("/termine/einbetten/anleitung?rubrik=sport&stufenlos=ja")).text

    address = f"{PUBLIC_URL}/termine/einbetten?rubrik=sport&amp;amp;stufenlos=ja"
    assert f"&lt;iframe src=&#34;{address}&#34;" in shown
    assert 'href="/termine/einbetten?rubrik=sport&amp;stufenlos=ja"' in shown


async def test_the_sitemap_has_past_events_too(visitor: Visitor, pool: Pool) -> None:
    past = await publish(pool, title="Vorbei", starts=in_days(-60))
    hidden = await publish(pool, title="Unter uns")
    await pool.execute(
        "update event_ical set visibility = 'unlisted' where calendar_event_id = $1",
        hidden.calendar_event_id,
    )

    listed = (await visitor.get("/sitemap.xml")).text

    assert f"{past.calendar_event_id}-vorbei</loc>" in listed
    assert str(hidden.calendar_event_id) not in listed
    assert len(re.findall("<loc>", listed)) <= 50_000


def test_near_days_are_called_by_their_names() -> None:
    today = at("2026-11-26").date()

    told = [day_phrase(at(f"2026-11-{day}").date(), today) for day in (25, 26, 27, 28)]

    assert told == [
        "Mittwoch, 25. November 2026",
        "Heute, Donnerstag, 26. November 2026",
        "Morgen, Freitag, 27. November 2026",
        "Samstag, 28. November 2026",
    ]

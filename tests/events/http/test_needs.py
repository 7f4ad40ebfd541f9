"""What people need of a place narrows every list and calendar to the places that meet it."""

from typing import Any
from uuid import UUID, uuid4

import msgspec
import pytest

from services.events.need import NEEDS, Need
from services.events.selection import Selection
from services.events.store.calendar import Dated
from shared.database import Pool
from tests.events.calendars import in_days, publish
from tests.events.cityplaces import place
from tests.visitor import PUBLIC_URL, Visitor

MET: dict[str, dict[str, Any]] = {
    "stufenlos": {"is_step_free": True},
    "hoeranlage": {"has_hearing_loop": True},
    "rollstuhlplaetze": {"wheelchair_places": 1},
}
UNMET: dict[str, Any] = {"is_step_free": False, "has_hearing_loop": False, "wheelchair_places": 0}
EACH = pytest.mark.parametrize("need", NEEDS, ids=[need.slug for need in NEEDS])


async def event_at(pool: Pool, title: str, **access: Any) -> UUID:
    hall = await place(pool, f"Saal {uuid4()}", **access)
    event = await publish(pool, title=title, place_id=hall, starts=in_days(2))
    return event.calendar_event_id


def test_lists_and_selections_know_every_need() -> None:
    for kind in (Selection, Dated):
        assert {need.field for need in NEEDS} <= {
            each.name for each in msgspec.structs.fields(kind)
        }


@EACH
async def test_every_list_is_narrowed_to_places_that_meet_a_need(
    visitor: Visitor, pool: Pool, need: Need
) -> None:
    word = f"w{uuid4().hex}"
    met = await event_at(pool, word, **{**UNMET, **MET[need.slug]})
    unmet = await event_at(pool, word, **{**UNMET, **dict.fromkeys(_others(need), True)})
    unknown = await event_at(pool, word)
    anywhere = (await publish(pool, title=word, starts=in_days(2))).calendar_event_id
    paths = [
        "/termine", f"/termine/monat/{in_days(2):%Y-%m}", "/termine/einbetten", "/termine.atom",
    ]  # fmt: skip

    for path in paths:
        all_of_them = (await visitor.get(f"{path}?suche={word}")).text
        narrowed = (await visitor.get(f"{path}?suche={word}&{need.slug}=ja")).text

        assert [str(one) in all_of_them for one in (met, unmet, unknown, anywhere)] == [True] * 4
        assert str(met) in narrowed
        assert [str(one) in narrowed for one in (unmet, unknown, anywhere)] == [False] * 3


def _others(need: Need) -> list[str]:
    return [name for slug, met in MET.items() if slug != need.slug for name in met]


async def test_a_place_has_to_meet_all_needs(visitor: Visitor, pool: Pool) -> None:
    word = f"w{uuid4().hex}"
    both = await event_at(pool, word, is_step_free=True, has_hearing_loop=True)
    one = await event_at(pool, word, is_step_free=True)

    shown = (await visitor.get(f"/termine?suche={word}&stufenlos=ja&hoeranlage=ja")).text

    assert str(both) in shown
    assert str(one) not in shown
    assert "stufenlos erreichbar · mit Höranlage" in shown
    assert '<p class="date__about">' in shown
    assert "stufenlos, Höranlage</p>" in shown


@EACH
async def test_each_need_has_a_calendar_of_its_own(
    visitor: Visitor, pool: Pool, need: Need
) -> None:
    word = f"w{uuid4().hex}"
    met = await event_at(pool, f"{word} hier", **MET[need.slug])
    unmet = await event_at(pool, f"{word} dort", **UNMET)

    overview = (await visitor.get("/kalender")).text
    sent = await visitor.post("/kalender/zusammenstellen", {need.slug: "ja"})
    shown = (await visitor.get(sent.headers["location"])).text
    feed = (await visitor.get(f"/kalender/{need.slug}.ics")).text

    assert f'href="/termine/abonnieren/{need.slug}">{need.title}</a>' in overview
    assert sent.headers["location"] == f"/termine/abonnieren/{need.slug}"
    assert f"Veranstaltungen: {need.said}" in shown
    assert f'href="/termine?{need.slug}=ja"' in shown
    assert f"X-WR-CALNAME:Veranstaltungen: {need.said}" in feed
    assert str(met) in feed
    assert str(unmet) not in feed


@EACH
async def test_a_composed_calendar_asks_for_a_need_too(
    visitor: Visitor, pool: Pool, need: Need
) -> None:
    word = f"w{uuid4().hex}"
    met = await event_at(pool, word, **MET[need.slug])
    unmet = await event_at(pool, word, **UNMET)

    form = (await visitor.get(f"/kalender/zusammenstellen?{need.slug}=ja")).text
    sent = await visitor.post("/kalender/zusammenstellen", {need.slug: "ja", "suche": word})
    slug = sent.headers["location"].rpartition("/")[2]
    feed = (await visitor.get(f"/kalender/{slug}.ics")).text

    assert f'name="{need.slug}" value="ja" checked' in form
    assert slug.startswith("k-")
    assert str(met) in feed
    assert str(unmet) not in feed


@EACH
async def test_a_choice_stays_from_view_to_view(visitor: Visitor, need: Need) -> None:
    query = f"rubrik=sport&{need.slug}=ja"

    listed = (await visitor.get(f"/termine?{query}")).text
    frame = (await visitor.get(f"/termine/einbetten/anleitung?{query}")).text

    escaped = query.replace("&", "&amp;")
    for path in ("/termine/monat", "/termine.atom", "/kalender/zusammenstellen"):
        assert f'href="{path}?{escaped}"' in listed
    assert f'<input type="hidden" name="{need.slug}" value="ja">' in listed
    assert f"{PUBLIC_URL}/termine/einbetten?{escaped.replace('&', '&amp;')}" in frame

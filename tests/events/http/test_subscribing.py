"""How citizens choose what they see, and how they get it into their calendars."""

import re
from uuid import uuid4

import pytest
from litestar import Litestar

from services.events.http.composing import PER_MINUTE
from shared.database import Pool
from shared.web.limits import Misses
from tests.events.calendars import cancel, in_days, publish
from tests.events.cityplaces import district, organiser, place
from tests.visitor import PUBLIC_URL, Visitor

COMPOSE = "/kalender/zusammenstellen"


@pytest.fixture(autouse=True)
def fresh_limits(app: Litestar) -> None:
    """Let each test compose as many calendars as a visitor may in a minute."""
    app.state.composing = Misses(per_minute=PER_MINUTE)


@pytest.mark.parametrize("path", ["/kalender", "/termine/abonnieren"])
async def test_the_overview_has_all_calendars(visitor: Visitor, pool: Pool, path: str) -> None:
    slug = await district(pool, f"s{uuid4().hex[:6]}")

    shown = (await visitor.get(path)).text

    assert "webcal://ehrenamt.example.de/kalender/alle.ics" in shown
    for feed in ("kultur", "zielgruppe-kinder", "stufenlos", f"stadtteil-{slug}"):
        assert f'href="/termine/abonnieren/{feed}"' in shown
    assert COMPOSE in shown


async def test_a_calendars_page_has_every_way_to_subscribe(visitor: Visitor) -> None:
    shown = (await visitor.get("/termine/abonnieren/kultur")).text

    feed = f"{PUBLIC_URL}/kalender/kultur.ics"
    assert f'href="{feed}"' in shown
    assert f'data-copy="{feed}"' in shown
    assert 'href="webcal://ehrenamt.example.de/kalender/kultur.ics"' in shown
    google = "cid=webcal%3A%2F%2Fehrenamt.example.de%2Fkalender%2Fkultur.ics"
    assert f"https://calendar.google.com/calendar/r?{google}" in shown
    assert "https://outlook.live.com/calendar/0/addfromweb?url=https%3A%2F%2F" in shown
    assert "<svg" in shown
    for client in ("iPhone", "Google Kalender", "Outlook", "Thunderbird", "ICSx5", "Nextcloud"):
        assert f"<dt>{client}" in shown or client in shown
    assert "4 bis 24 Stunden" in shown


async def test_a_calendar_that_is_not_there_has_no_page(visitor: Visitor) -> None:
    assert (await visitor.get("/termine/abonnieren/quatsch")).status_code == 404
    assert (await visitor.get("/termine/abonnieren/k-aaaaaaaaaaaaaaaa")).status_code == 404


async def test_what_is_chosen_in_the_list_becomes_a_calendar(visitor: Visitor, pool: Pool) -> None:
    word = uuid4().hex
    inside = await publish(pool, title=f"Lauf {word}", categories=["sport"], starts=in_days(4))
    outside = await publish(pool, title=f"Chor {word}", categories=["culture"])
    listed = (await visitor.get(f"/termine?suche={word}&rubrik=sport&abgesagt=nein")).text
    form = listed[listed.index('class="chosen"') :]
    fields = dict(re.findall(r'<input type="hidden" name="([a-z]+)" value="([^"]+)">', form))

    sent = await visitor.post(COMPOSE, fields)
    shown = await visitor.get(sent.headers["location"])
    slug = sent.headers["location"].rpartition("/")[2]
    feed = await visitor.get(f"/kalender/{slug}.ics")

    assert sent.status_code == 303
    assert re.fullmatch(r"k-[a-z2-7]{16}", slug)
    assert f"Lauf {word}" in shown.text
    assert f"Chor {word}" not in shown.text
    assert "ohne Abgesagtes" in shown.text
    assert inside.uid.encode() in feed.content
    assert outside.uid.encode() not in feed.content


async def test_a_choice_of_one_list_is_its_standing_calendar(visitor: Visitor) -> None:
    sent = await visitor.post(COMPOSE, {"rubrik": "sport"})

    assert sent.headers["location"] == "/termine/abonnieren/sport"


@pytest.mark.parametrize(
    "fields",
    [
        {"rubrik": "katzen"}, {"zielgruppe": "katzen"}, {"stadtteil": "mond"}, {"ort": "hier"},
        {"rubrik": ["sport"] * 3, "suche": "\u202e"},
    ],
)  # fmt: skip
async def test_what_does_not_exist_makes_no_calendar(
    visitor: Visitor, pool: Pool, fields: dict[str, str]
) -> None:
    before = await pool.fetchval("select count(*) from composed_feed")

    sent = await visitor.post(COMPOSE, fields)

    assert sent.status_code == 400
    assert await pool.fetchval("select count(*) from composed_feed") == before


async def test_the_form_shows_what_was_chosen_in_the_list(visitor: Visitor) -> None:
    shown = (await visitor.get(f"{COMPOSE}?rubrik=sport&rubrik=kultur&suche=Chor")).text

    ticked = re.findall(r'name="rubrik" value="([a-z]+)" checked', shown)
    assert sorted(ticked) == ["kultur", "sport"]
    assert 'value="chor"' in shown


async def test_whoever_composes_without_end_has_to_wait(visitor: Visitor) -> None:
    sent = [await visitor.post(COMPOSE, {"rubrik": "sport"}) for _ in range(15)]

    assert sent[-1].status_code == 429
    assert "retry-after" in sent[-1].headers
    assert "warten Sie" in sent[-1].text


async def test_the_list_and_the_month_know_every_filter(visitor: Visitor, pool: Pool) -> None:
    word = uuid4().hex
    quarter = await district(pool, f"s{word[:6]}")
    hall = await place(pool, f"Halle {word}", in_district=quarter, is_step_free=True)
    choir = await organiser(pool, f"Chor {word}")
    at = in_days(2)
    found = await publish(
        pool, title="Gesucht", place_id=hall, organiser_id=choir, audiences=["youth"], starts=at
    )
    month = f"/termine/monat/{at:%Y-%m}"

    async def finds(path: str, query: str) -> bool:
        return str(found.calendar_event_id) in (await visitor.get(f"{path}?{query}")).text

    fitting = [
        f"stadtteil={quarter}", f"ort={hall}", f"veranstalter={choir}",
        f"zielgruppe=jugendliche&suche={word}", f"stufenlos=ja&suche={word}",
        f"rubrik=kultur&rubrik=sport&stadtteil={quarter}",
    ]  # fmt: skip
    others = [
        f"stadtteil={quarter}&rubrik=sport", f"ort={uuid4()}", f"veranstalter={hall}",
        f"zielgruppe=kinder&suche={word}",
    ]  # fmt: skip
    for path in ("/termine", month):
        assert [await finds(path, query) for query in fitting] == [True] * len(fitting)
        assert [await finds(path, query) for query in others] == [False] * len(others)


async def test_what_is_cancelled_can_be_left_out(visitor: Visitor, pool: Pool) -> None:
    word = uuid4().hex
    event = await cancel(pool, await publish(pool, title=f"Abend {word}"))
    page = f"/termine?suche={word}"

    shown, hidden = (
        (await visitor.get(page)).text,
        (await visitor.get(f"{page}&abgesagt=nein")).text,
    )

    assert str(event.calendar_event_id) in shown
    assert str(event.calendar_event_id) not in hidden


async def test_the_views_keep_the_choice(visitor: Visitor) -> None:
    listed = (await visitor.get("/termine?rubrik=sport&stufenlos=ja&ab=2030-01-01")).text

    assert 'href="/termine/monat?rubrik=sport&amp;stufenlos=ja"' in listed
    assert "Sport und Bewegung · stufenlos erreichbar" in listed
    assert 'href="/kalender/zusammenstellen?rubrik=sport&amp;stufenlos=ja"' in listed

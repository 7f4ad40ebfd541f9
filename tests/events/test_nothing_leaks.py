"""What nobody outside may see yet stands on no public page, in no file, feed, search or answer."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import product
from typing import Any, Final
from uuid import UUID

import httpx
import msgspec
import pytest
from litestar import Litestar

from services.events.answers import answers
from services.events.commands.compose_feed import ComposeFeed, compose_feed
from services.events.keeping import Deed, keep_events
from services.events.model import CalendarEvent
from services.events.selection import Selection
from services.events.site import slug_of
from services.events.store import events
from shared.database import Connection, Pool, transaction
from shared.web.access import Kind, role_matrix
from tests.events.builders import event
from tests.events.calendars import SITE, in_days
from tests.events.courses import builders as courses
from tests.events.http.conftest import app, living
from tests.visitor import Visitor
from tests.waiting import until

__all__ = ["app", "living"]

LATER: Final = datetime(2099, 1, 1, tzinfo=UTC)
HIDDEN: Final[dict[str, dict[str, Any]]] = {
    "draft": {"state": "draft"},
    "submitted": {"state": "submitted", "submitted_by": "submittedmarker"},
    "returned": {"state": "returned", "review_note": "returnedmarker"},
    "refused": {"state": "refused", "review_note": "refusedmarker"},
    "scheduled": {"state": "scheduled", "public_from": LATER},
    "committee": {"visibility": "committee"},
}
PLANNED: Final = "plannedmarker"
"""What a course says whose run nobody has announced yet."""
UNLISTED: Final[dict[str, dict[str, Any]]] = {"unlisted": {"visibility": "unlisted"}}
SEEN: Final[dict[str, dict[str, Any]]] = {
    "published": {},
    "cancelled": {"state": "cancelled"},
    "postponed": {"state": "postponed"},
}
ALL: Final = SEEN | HIDDEN | UNLISTED
OWN_PAGES: Final = ("/termine/{name}", "/termine/{name}/termin.ics")
"""What whoever knows the address of an unlisted event may open."""
COURSE_RUN: Final = "/kurse/{course_run_id}"
PICTURE: Final = "/bilder/{event_image_id}"
QUESTIONS: Final = (
    "",
    "?suche=marderfest",
    "?suche=marker",
    "?suche=%25%5F",
    "?rubrik=kultur",
    "?profile=rich&cancelled=hide",
)
"""Every event holds the words `Marderfest` and, at the end of a word, `marker`."""


def ids(name: str) -> UUID:
    return UUID(int=0x0190_0000_0000_7000_8000_0000_0000_1000 + list(ALL).index(name))


def picture(name: str) -> UUID:
    return UUID(int=ids(name).int + 0x1_0000)


def marker(name: str) -> str:
    return f"{name}marker"


def made(name: str, known: dict[str, UUID], codes: tuple[list[str], list[str]]) -> CalendarEvent:
    """Return an event that says its marker in every text and is in all lists."""
    starts = in_days(3 + list(ALL).index(name))
    texts = ("title", "description", "place_name", "organiser", "price", "easy_summary", "provider")
    given: dict[str, Any] = {
        **{field: f"Marderfest {marker(name)}" for field in texts},
        **known,
        "website": f"https://{marker(name)}.example.org/",
        "registration_url": f"https://{marker(name)}.example.org/anmelden",
        "categories": codes[0],
        "audiences": codes[1],
        "starts": starts,
        "ends": starts + timedelta(hours=2),
        "event_image_id": picture(name),
        **ALL[name],
    }
    return event(**given, calendar_event_id=ids(name), uid=SITE.uid(ids(name)))


async def lists(opened: Connection) -> dict[str, UUID]:
    """Enter a place and an organiser, and return their ids by the field that names them."""
    return {
        "place_id": await opened.fetchval(
            """
            insert into place (version, name, address, access_note, changed_at)
            values (1, 'Halle', '', '', now()) returning place_id
            """
        ),
        "organiser_id": await opened.fetchval(
            """
            insert into organiser (version, name, website, changed_at)
            values (1, 'Verein', '', now()) returning organiser_id
            """
        ),
    }


@pytest.fixture(scope="module")
async def walker(living: Visitor, pool: Pool) -> Visitor:
    """A visitor without cookies, when the calendar is full and the feeds know it."""
    now = datetime.now(UTC)
    async with transaction(pool) as opened:
        terms = await events.terms(opened)
        codes = [term.code for term in terms.categories], [term.code for term in terms.audiences]
        known = await lists(opened)
        await opened.executemany(
            """
            insert into event_image (
                event_image_id, media_type, width, height, body, alt, licence, credit
            )
            values ($1, 'image/png', 1, 1, $2, $3, 'CC0', $3)
            """,
            [(picture(name), marker(name).encode(), marker(name)) for name in ALL],
        )
        kept = [made(name, known, codes) for name in ALL]
        await courses.opened(opened)
        await courses.planned(opened, says=courses.texts(title=PLANNED))
        await keep_events(opened, kept, SITE, now, Deed("draft_event", "Aylin Tannert"))
        for chosen in (Selection(words=("marderfest",)), Selection(hides_cancelled=True)):
            await compose_feed(opened, ComposeFeed(chosen))

    async def is_known() -> bool:
        return marker("published") in (await living.get("/kalender/alle.ics")).text

    await until(is_known)
    return living


def routes(app: Litestar) -> list[str]:
    """Return the paths that anybody may open."""
    return [
        line.path
        for line in role_matrix(app)
        if line.access.kind is Kind.PUBLIC and line.method == "GET"
    ]


async def values(pool: Pool) -> dict[str, list[str]]:
    """Return by the name of a path's variable everything that may stand there."""
    slugs = [row["slug"] for row in await pool.fetch("select slug from feed")]
    slugs += [row["slug"] for row in await pool.fetch("select slug from composed_feed")]
    runs = await pool.fetch("select course_run_id from course_run")
    days = [in_days(3), in_days(3) + timedelta(days=28)]
    return {
        "name": [str(ids(name)) for name in ALL]
        + [f"{ids(name)}-{slug_of('Marderfest ' + marker(name))}" for name in ALL],
        "slug": slugs,
        "file": [f"{slug}.ics" for slug in slugs],
        "month": [f"{day:%Y-%m}" for day in days],
        "token": ["x" * 32],
        "path": ["calendar.css"],
        "calendar_event_id": [str(ids(name)) for name in ALL],
        "course_run_id": [str(row["course_run_id"]) for row in runs],
        "event_image_id": [str(picture(name)) for name in ALL],
    }


def addresses(path: str, known: dict[str, list[str]]) -> Iterator[str]:
    """Yield a route's addresses with everything that may stand in it."""
    names = re.findall(r"\{(\w+)", path)
    for chosen in product(*(known[name] for name in names)):
        address = path
        for name, value in zip(names, chosen, strict=True):
            address = re.sub(rf"\{{{name}[^}}]*\}}", value, address)
        yield address


async def walked(walker: Visitor, pool: Pool, app: Litestar) -> list[tuple[str, httpx.Response]]:
    """Return the answers of everything that anybody may open, each with its route."""
    known = await values(pool)
    return [
        (path, await walker.get(address + question))
        for path in routes(app)
        for address in addresses(path, known)
        for question in QUESTIONS[: 1 if "{name" in path else None]
    ]


@pytest.fixture(scope="module")
async def answered(walker: Visitor, pool: Pool, app: Litestar) -> list[tuple[str, httpx.Response]]:
    """What the whole public site says, its headers too."""
    return await walked(walker, pool, app)


def said(answer: httpx.Response) -> str:
    """Return everything that an answer says, in lower case and without folded lines."""
    return f"{answer.headers} {answer.text}".replace("\r\n ", "").lower()


async def test_every_public_route_is_walked(app: Litestar, pool: Pool) -> None:
    known = await values(pool)
    names = {name for path in routes(app) for name in re.findall(r"\{(\w+)", path)}

    assert names <= set(known), "say in `values` what may stand there"


@pytest.mark.parametrize("name", HIDDEN)
def test_what_is_not_public_is_said_nowhere(
    name: str, answered: list[tuple[str, httpx.Response]]
) -> None:
    telling = [answer.request.url for _, answer in answered if marker(name) in said(answer)]
    leading = [
        answer.request.url
        for path, answer in answered
        if (str(ids(name)) in said(answer) or str(picture(name)) in said(answer))
        and path not in OWN_PAGES
    ]

    assert (telling, leading) == ([], [])


@pytest.mark.parametrize("name", HIDDEN)
def test_the_page_of_what_is_not_public_does_not_exist(
    name: str, answered: list[tuple[str, httpx.Response]]
) -> None:
    own = [
        answer
        for path, answer in answered
        if path in OWN_PAGES and str(ids(name)) in str(answer.request.url)
    ]

    assert own
    assert {answer.status_code for answer in own} == {404}


def test_a_course_that_is_only_planned_is_said_nowhere(
    answered: list[tuple[str, httpx.Response]],
) -> None:
    runs = [answer for path, answer in answered if path == COURSE_RUN]

    assert {answer.status_code for answer in runs} == {200, 404}
    assert not [answer.request.url for _, answer in answered if PLANNED in said(answer)]


def test_an_unlisted_event_is_found_by_its_address_only(
    answered: list[tuple[str, httpx.Response]],
) -> None:
    telling = {path for path, answer in answered if marker("unlisted") in said(answer)}

    assert telling == {*OWN_PAGES, PICTURE}


@pytest.mark.parametrize("name", SEEN)
def test_what_is_public_is_found_everywhere(
    name: str, answered: list[tuple[str, httpx.Response]]
) -> None:
    telling = {path for path, answer in answered if marker(name) in said(answer)}

    assert telling >= {*OWN_PAGES, "/", "/termine", "/termine/monat/{month}", "/kalender/{file}"}
    assert "/sitemap.xml" in telling


async def test_other_services_are_told_what_is_public_and_nothing_else(pool: Pool) -> None:
    known = [ids(name) for name in ALL]

    found = [row for asked in answers(pool) for row in await asked.read(known)]

    told = msgspec.json.encode(found).decode()
    assert [name for name in ALL if marker(name) in told] == [*SEEN, *UNLISTED]

"""Pages stand in one frame; lists, files and conditional requests keep their promises."""

import re
from collections.abc import AsyncIterator
from datetime import UTC, date, datetime, time
from pathlib import Path

import pytest
from litestar import Response, get
from litestar.testing import RequestFactory

from shared.auth import Role
from shared.errors import Malformed
from shared.german import (
    clock,
    counted,
    german_day,
    german_number,
    long_day,
    moment,
    short_day,
)
from shared.web import cookies
from shared.web.access import PUBLIC
from shared.web.app import create_app
from shared.web.etag import not_modified, unchanged, weak_etag
from shared.web.forms import Form
from shared.web.listing import Listing, read_listing
from shared.web.navigation import STAFF_ENTRIES, current_entry, entries_for
from shared.web.pages import Page, is_local, page
from shared.web.rendering import labelled, query
from shared.web.request import Request
from tests.conftest import Database
from tests.shared.web_app import ROUTES, settings_for
from tests.visitor import Visitor, staff_member, visiting


@get("/bausteine", opt=PUBLIC)
async def get_components(request: Request) -> Page:
    """Show every part that pages are put together from."""
    return _components(request, 200)


@get("/bausteine/falsch", opt=PUBLIC)
async def get_wrong_components(request: Request) -> Page:
    """Show them as after a form that cannot be kept."""
    return _components(request, 422)


def _components(request: Request, status: int) -> Page:
    hostile = '"><script>alert(1)</script>'
    form = Form[Listing]({"name": [hostile]}, {"name": "Bitte kürzer.", "": "Ging nicht."}, None)
    return page(
        request,
        "components.html",
        status=status,
        listing=read_listing(request, ("name", "verein")),
        rows=[(hostile, "Chor", "zugesagt", "success", "2")],
        form=form,
        entries=STAFF_ENTRIES,
    )


@get("/alles.ics", opt=PUBLIC)
async def get_feed(request: Request) -> Response[bytes]:
    """Answer conditionally."""
    etag, headers = weak_etag("feed", 7), {"cache-control": "public, max-age=60"}
    if unchanged(request, etag):
        return not_modified(etag, headers)
    return Response(b"BEGIN", headers={**headers, "etag": etag}, media_type="text/calendar")


@pytest.fixture(scope="module")
async def visitor(database: Database) -> AsyncIterator[Visitor]:
    app = create_app(
        service="registry",
        settings=settings_for(database),
        routes=[*ROUTES, get_components, get_wrong_components, get_feed],
        pages=Path(__file__).parent / "web_pages",
    )
    async with visiting(app) as opened:
        yield opened


async def test_what_people_typed_is_shown_and_never_run(visitor: Visitor) -> None:
    text = (await visitor.get("/bausteine")).text

    assert "<script>alert" not in text
    assert "&lt;script&gt;alert(1)" in text


async def test_each_error_leads_to_its_field_and_the_field_names_its_error(
    visitor: Visitor,
) -> None:
    text = (await visitor.get("/bausteine")).text

    assert '<a class="kern-link" href="#name">Name: Bitte kürzer.</a>' in text
    assert "<li>Ging nicht.</li>" in text
    assert 'aria-describedby="name-hinweis name-fehler"' in text
    assert 'id="name-fehler"' in text
    assert 'for="name"' in text


async def test_a_page_has_its_landmarks_and_one_heading(visitor: Visitor) -> None:
    text = (await visitor.get("/bausteine")).text

    assert '<html lang="de"' in text
    assert 'href="#inhalt"' in text
    assert '<main id="inhalt"' in text
    assert len(re.findall("<h1", text)) == 1
    assert all(path in text for path in ("/impressum", "/datenschutz", "/barrierefreiheit"))


async def test_a_sorted_column_says_so_and_turns_round(visitor: Visitor) -> None:
    text = (await visitor.get("/bausteine?sortierung=name&suche=Chor&seite=3")).text

    assert 'aria-sort="ascending"' in text
    assert 'href="?sortierung=-name&amp;suche=Chor"' in text
    assert "101 bis 150 von 1.312" in text


async def test_a_message_is_said_once_and_cannot_be_planted(visitor: Visitor) -> None:
    visitor.sign_in(Role.CLERK)
    answer = await visitor.post("/konsole/weiter")
    first = await visitor.get(answer.headers["location"])
    second = await visitor.get(answer.headers["location"])
    visitor.hold(cookies.MESSAGE, "QmVzdWNoZW4gU2llIGV2aWwuZXhhbXBsZSBzb2ZvcnQgYml0dGU=")
    planted = await visitor.get("/konsole/seite")

    assert "Die Person ist gespeichert." in first.text
    assert "gespeichert" not in second.text
    assert "evil" not in planted.text
    assert planted.status_code == 200


async def test_htmx_is_told_to_load_the_next_page_whole(visitor: Visitor) -> None:
    visitor.sign_in(Role.CLERK)

    answer = await visitor.post("/konsole/weiter", headers={"hx-request": "true"})

    assert answer.status_code == 200
    assert answer.headers["hx-redirect"] == "/konsole/seite"


def test_each_role_sees_the_entries_it_may_use() -> None:
    labels = {entry.label for entry in entries_for(staff_member(Role.DOOR))}

    assert labels == {"Übersicht", "Einlass"}
    assert {entry.path for entry in entries_for(None)} == {"/termine", "/kurse", "/kalender"}


@pytest.mark.parametrize(
    ("path", "label"),
    [
        ("/konsole", "Übersicht"),
        ("/konsole/personen/123", "Personen"),
        ("/konsole/konzerte/7/auswahl", "Konzerte"),
        ("/konsole/konzerte/antworten", "Antworten"),
    ],
)
def test_the_entry_that_a_page_belongs_to_is_marked(path: str, label: str) -> None:
    current = current_entry(STAFF_ENTRIES, path)

    assert current
    assert current.label == label


def test_a_page_beside_the_navigation_marks_nothing() -> None:
    assert current_entry(STAFF_ENTRIES, "/konsole/personen2") is None
    assert current_entry(STAFF_ENTRIES, "/konsole/sitzungen") is None


@pytest.mark.parametrize("value", ["*", 'W/"{}"', '"{}"', '"x", W/"{}"', 'W/"x" , "{}"'])
async def test_who_has_the_newest_version_gets_no_body(visitor: Visitor, value: str) -> None:
    full = await visitor.get("/alles.ics")
    bare = full.headers["etag"].removeprefix('W/"').removesuffix('"')

    again = await visitor.get("/alles.ics", headers={"if-none-match": value.format(bare)})

    assert full.headers["etag"].startswith('W/"')
    assert again.status_code == 304
    assert again.content == b""
    assert again.headers["etag"] == full.headers["etag"]
    assert again.headers["cache-control"] == "public, max-age=60"


@pytest.mark.parametrize("value", ["", '"x"', "W/x", '"x", "y"'])
async def test_who_has_another_version_gets_all(visitor: Visitor, value: str) -> None:
    answer = await visitor.get("/alles.ics", headers={"if-none-match": value})

    assert answer.status_code == 200
    assert answer.content == b"BEGIN"


async def test_a_file_that_is_asked_for_by_version_is_kept_for_good(visitor: Visitor) -> None:
    text = (await visitor.get("/bausteine")).text
    address = re.search(r'href="(/static/ehrensache\.css\?v=[0-9a-f]+)"', text)
    assert address

    versioned = await visitor.get(address[1])
    bare = await visitor.get("/static/ehrensache.css")
    stale = await visitor.get("/static/ehrensache.css?v=0")

    assert versioned.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert versioned.headers["content-type"].startswith("text/css")
    assert bare.headers["cache-control"] == stale.headers["cache-control"] == "public, max-age=300"
    known = {"if-none-match": bare.headers["etag"]}
    assert (await visitor.get("/static/ehrensache.css", headers=known)).status_code == 304


@pytest.mark.parametrize(
    "name", ["../app.py", "..%2fapp.py", "%2e%2e/app.py", "vendor", "", "x%00"]
)
async def test_nothing_but_the_frames_files_is_served(visitor: Visitor, name: str) -> None:
    assert (await visitor.get(f"/static/{name}")).status_code == 404


@pytest.mark.parametrize(
    "asked",
    [
        "seite=0",
        "seite=-1",
        "seite=x",
        "seite=%D9%A3",
        "seite=9999999",
        "seite=0000001" + "9" * 30,
        "sortierung=passwort",
    ],
)
async def test_a_part_of_a_list_that_cannot_be_is_a_bad_request(
    visitor: Visitor, asked: str
) -> None:
    assert (await visitor.get(f"/bausteine?{asked}")).status_code == 400


def test_a_listing_counts_its_pages() -> None:
    listing = Listing(sort="name", page=3, rows=50)

    assert listing.offset == 100
    assert [listing.pages(total) for total in (0, 1, 50, 51, 1_312)] == [1, 1, 1, 2, 27]


def test_a_search_with_a_deceiving_character_is_refused() -> None:
    request = Request(RequestFactory().get("/", query_params={"suche": "a\x00b"}).scope)

    with pytest.raises(Malformed):
        read_listing(request, ("name",))


@pytest.mark.parametrize("path", ["/", "/konsole?x=1#y", "/a/b%2Fc", "/?weiter=https://x.de"])
def test_a_path_of_ours_is_known(path: str) -> None:
    assert is_local(path)


@pytest.mark.parametrize(
    "path",
    ["", "x", "//x.de", "/\\x.de", "https://x.de", "/\nx", "/\tx", "\\x", "/a\\..\\b", "/\x7f"],
)
def test_a_path_that_leads_elsewhere_is_known(path: str) -> None:
    assert not is_local(path)


def test_dates_times_and_numbers_are_german() -> None:
    instant = datetime(2026, 2, 7, 18, 30, tzinfo=UTC)

    assert moment(instant) == "07.02.2026, 19:30 Uhr"
    assert moment(instant, "America/New_York") == "07.02.2026, 13:30 Uhr"
    assert long_day(instant) == "Samstag, 7. Februar 2026"
    assert german_day(date(2026, 2, 7)) == "07.02.2026"
    assert short_day(date(2026, 2, 7)) == "Sa., 07.02.2026"
    assert short_day(instant, "America/New_York") == "Sa., 07.02.2026"
    assert clock(time(9, 5)) == "09:05"
    assert [german_number(value) for value in (0, 1_757, 1_234_567.5)] == [
        "0",
        "1.757",
        "1.234.567,5",
    ]
    assert (moment(None), german_day(None), clock(None)) == ("", "", "")


@pytest.mark.parametrize(
    ("number", "shown"), [(0, "0 Briefe"), (1, "1 Brief"), (1_757, "1.757 Briefe")]
)
def test_one_is_not_many(number: int, shown: str) -> None:
    assert counted(number, "Brief", "Briefe") == shown


def test_each_cell_has_the_name_of_its_column_beside_it_on_a_telephone() -> None:
    rows = '<tr><th scope="row">Änne</th>\n<td>3</td></tr><tr><td>Ole</td><td>4</td><td>5</td></tr>'

    named = labelled(rows, ["Name", 'Plätze "frei"'])

    assert named == (
        '<tr><th data-label="Name" scope="row">Änne</th>\n'
        '<td data-label="Plätze &#34;frei&#34;">3</td></tr>'
        '<tr><td data-label="Name">Ole</td>'
        '<td data-label="Plätze &#34;frei&#34;">4</td><td>5</td></tr>'
    )


async def test_only_a_table_of_words_becomes_blocks(visitor: Visitor) -> None:
    text = (await visitor.get("/bausteine")).text

    assert '<table class="kern-table stacks">' in text
    assert 'data-label="Antwort"' in text


async def test_a_form_with_mistakes_says_so_in_its_title(visitor: Visitor) -> None:
    right, wrong = await visitor.get("/bausteine"), await visitor.get("/bausteine/falsch")

    assert "<title>Alle Bausteine – Ehrensache</title>" in right.text
    assert "<title>Fehler: Alle Bausteine – Ehrensache</title>" in wrong.text


def test_a_query_keeps_what_is_not_changed() -> None:
    assert query({"suche": "Müller & Co", "seite": "3"}, seite=None) == "suche=M%C3%BCller+%26+Co"
    assert query({}, seite=2) == "seite=2"

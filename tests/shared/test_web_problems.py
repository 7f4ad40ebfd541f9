"""Whatever goes wrong is answered in the right form: no surprise, no 500 for bad input."""

from collections.abc import AsyncIterator

import httpx
import pytest

from shared.auth import Role
from tests.conftest import Database
from tests.shared.web_app import app_for
from tests.visitor import Visitor, visiting

PROGRAM = {"accept": "application/json"}
FORM = {"content-type": "application/x-www-form-urlencoded"}
PARTS = {"content-type": "multipart/form-data; boundary=a"}


@pytest.fixture(scope="module")
async def visitor(database: Database) -> AsyncIterator[Visitor]:
    """A browser at the small application."""
    async with visiting(app_for(database)) as opened:
        yield opened


@pytest.mark.parametrize(
    ("path", "status", "name"),
    [
        ("/fehler/refused", 409, "DeadlinePassed"),
        ("/fehler/malformed", 400, "Malformed"),
        ("/fehler/bug", 500, "InternalError"),
        ("/fehler/away", 503, "Unavailable"),
        ("/fehler/slow", 503, "Unavailable"),
        ("/api/test/v1/people/0190a5d2-0000-7000-8000-000000000000", 404, "NotFound"),
        ("/api/test/v1/people/none", 404, "NotFound"),
        ("/api/test/v1/notes", 405, "MethodNotAllowed"),
    ],
)
async def test_a_program_is_told_the_reason_as_a_problem_document(
    visitor: Visitor, path: str, status: int, name: str
) -> None:
    answer = await visitor.get(path, headers=PROGRAM)

    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"
    problem = answer.json()
    assert problem["type"] == f"urn:ehrensache:problem:{name}"
    assert problem["status"] == status
    assert problem["request_id"] == answer.headers["x-request-id"]


async def test_a_person_is_told_the_reason_on_a_german_page(visitor: Visitor) -> None:
    answer = await visitor.get("/fehler/refused")

    assert answer.status_code == 409
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    assert "Die Antwortfrist ist abgelaufen." in answer.text


async def test_a_page_says_once_what_is_wrong_and_leads_back_to_where_one_works(
    database: Database,
) -> None:
    async with visiting(app_for(database)) as visitor:
        stranger = await visitor.get("/fehler/malformed")
        visitor.sign_in(Role.CLERK)
        clerk = await visitor.get("/fehler/malformed")

    assert stranger.text.count("Der Tag liegt zurück.") == 1
    assert '<a class="kern-link" href="/">Zur Startseite</a>' in stranger.text
    assert '<a class="kern-link" href="/konsole">Zur Übersicht</a>' in clerk.text


async def test_a_program_below_api_gets_json_whatever_it_accepts(visitor: Visitor) -> None:
    answer = await visitor.get("/api/test/v1/nowhere", headers={"accept": "text/html"})

    assert answer.status_code == 404
    assert answer.headers["content-type"] == "application/problem+json"


async def test_a_refused_field_is_named_in_the_problem(visitor: Visitor) -> None:
    answer = await visitor.get("/fehler/malformed", headers=PROGRAM)

    assert answer.json()["errors"] == [{"field": "held_on", "detail": "Der Tag liegt zurück."}]


async def test_a_bug_shows_its_request_id_and_nothing_of_itself(visitor: Visitor) -> None:
    answer = await visitor.get("/fehler/bug")

    assert answer.status_code == 500
    assert answer.headers["x-request-id"] in answer.text
    assert "boom" not in answer.text


async def test_who_comes_while_a_part_is_away_learns_when_to_come_again(visitor: Visitor) -> None:
    answer = await visitor.get("/fehler/away")

    assert answer.headers["retry-after"] == "60"
    assert "in einer Minute erneut" in answer.text


@pytest.mark.parametrize(
    "body",
    [
        b'{"text":' + b"[" * 200_000,
        b'{"text":' + b"[" * 200_000 + b"]" * 200_000 + b"}",
        b'{"text": "\xff\xfe"}',
        b'{"text": "a\\u0000b"}',
        b'{"text": "\\ud800"}',
        b'{"text": 1}',
        b"{}",
        b"",
        b"\x00",
    ],
    ids=["deep", "deep-closed", "utf8", "nul", "surrogate", "type", "missing", "empty", "byte"],
)
async def test_json_that_cannot_be_read_is_a_bad_request(visitor: Visitor, body: bytes) -> None:
    answer = await visitor.client.post(
        "/api/test/v1/notes", content=body, headers={"content-type": "application/json"}
    )

    assert answer.status_code == 400
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["type"] == "urn:ehrensache:problem:BadRequest"


@pytest.mark.parametrize("query", [b"suche=%FF", b"%C3=1", b"suche=%ED%A0%80"])
async def test_an_address_whose_query_is_no_text_is_a_bad_request(
    visitor: Visitor, query: bytes
) -> None:
    answer = await visitor.client.get(httpx.URL("/offen", query=query), headers=PROGRAM)

    assert answer.status_code == 400
    assert answer.json()["type"] == "urn:ehrensache:problem:BadRequest"


async def test_an_address_with_umlauts_in_its_query_is_read(visitor: Visitor) -> None:
    answer = await visitor.get("/offen?suche=M%C3%BCller+%25")

    assert answer.status_code == 200


@pytest.mark.parametrize("content", [b"name=%FF%FE", b"name=%00", b"name=%EF%BF%BD"])
async def test_a_form_with_what_is_no_letter_names_the_field(
    visitor: Visitor, content: bytes
) -> None:
    answer = await visitor.client.post("/formular", content=content, headers=FORM)

    assert "Zeichen" in answer.json()["errors"]["name"]


@pytest.mark.parametrize("content", [b"name=\xff", "name=Müller".encode()])
async def test_a_form_that_is_not_encoded_is_a_bad_request(
    visitor: Visitor, content: bytes
) -> None:
    answer = await visitor.client.post("/formular", content=content, headers=FORM | PROGRAM)

    assert answer.status_code == 400
    assert answer.json()["type"] == "urn:ehrensache:problem:BadRequest"


@pytest.mark.parametrize("content", [b"%", b"=", b"&&&"])
async def test_a_form_that_says_nothing_asks_for_every_field(
    visitor: Visitor, content: bytes
) -> None:
    answer = await visitor.client.post("/formular", content=content, headers=FORM)

    assert answer.json()["errors"]["name"] == "Bitte füllen Sie dieses Feld aus."


@pytest.mark.parametrize(
    ("content_type", "content"),
    [
        ("multipart/form-data", b"x"),
        ("multipart/form-data; boundary=a", b"no parts"),
        ("multipart/form-data; boundary=a", b"--a\r\n\r\n"),
        (
            "multipart/form-data; boundary=a",
            b"--a\r\nContent-Disposition: form-data\r\n\r\nx\r\n--a--",
        ),
        ("application/json", b"{}"),
        ("text/plain", b"name=x"),
    ],
)
async def test_a_broken_multipart_form_is_no_server_error(
    visitor: Visitor, content_type: str, content: bytes
) -> None:
    answer = await visitor.client.post(
        "/formular", content=content, headers={"content-type": content_type}
    )

    assert answer.status_code in (200, 400)


def part(charset: str, content: bytes) -> bytes:
    """A form of one part that says how it is to be decoded."""
    about = f'Content-Disposition: form-data; name="name"\r\nContent-Type: text/plain{charset}'
    return f"--a\r\n{about}\r\n\r\n".encode() + content + b"\r\n--a--\r\n"


@pytest.mark.parametrize("charset", ["unfug", "hex", "undefined", "utf-16", "punycode", "latin-1"])
async def test_no_part_of_a_form_chooses_how_it_is_decoded(visitor: Visitor, charset: str) -> None:
    answer = await visitor.client.post(
        "/formular", content=part(f"; charset={charset}", b"abcd"), headers=PARTS | PROGRAM
    )

    assert answer.status_code == 400
    assert answer.json()["type"] == "urn:ehrensache:problem:BadRequest"


@pytest.mark.parametrize("charset", ["", "; charset=UTF-8", "; charset=utf8"])
async def test_a_part_of_a_form_is_read_as_utf8(visitor: Visitor, charset: str) -> None:
    answer = await visitor.client.post(
        "/formular", content=part(charset, "Müller".encode()), headers=PARTS
    )

    assert answer.json()["raw"]["name"] == "Müller"


async def test_a_body_over_one_mebibyte_is_refused(visitor: Visitor) -> None:
    answer = await visitor.client.post(
        "/api/test/v1/notes",
        content=b'{"text": "' + b"x" * 1024 * 1024 + b'"}',
        headers={"content-type": "application/json"},
    )

    assert answer.status_code == 413

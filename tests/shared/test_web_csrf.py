"""A change must come from a page of ours, in the browser that the page was for."""

from collections.abc import AsyncIterator

import pytest

from shared.auth import Role
from shared.web import cookies
from tests.conftest import Database
from tests.shared.web_app import app_for
from tests.visitor import PUBLIC_URL, Visitor, visiting


@pytest.fixture
async def visitor(database: Database) -> AsyncIterator[Visitor]:
    """A browser with a clerk signed in."""
    async with visiting(app_for(database)) as opened:
        opened.sign_in(Role.CLERK)
        yield opened


OURS = {"origin": PUBLIC_URL, "sec-fetch-site": "same-origin"}


@pytest.mark.parametrize(
    ("headers", "passes"),
    [
        (OURS, True),
        ({"origin": PUBLIC_URL, "sec-fetch-site": ""}, False),
        ({"origin": "https://evil.example"}, False),
        ({"origin": "null"}, False),
        ({"origin": PUBLIC_URL + ".evil.example"}, False),
        ({"origin": PUBLIC_URL, "sec-fetch-site": "cross-site"}, False),
        ({"origin": PUBLIC_URL, "sec-fetch-site": "same-site"}, False),
        ({"origin": PUBLIC_URL, "sec-fetch-site": "none"}, False),
    ],
    ids=str,
)
async def test_only_our_own_pages_may_send_forms(
    visitor: Visitor, headers: dict[str, str], *, passes: bool
) -> None:
    answer = await visitor.post("/konsole/notizen", {"text": "x"}, headers=headers)

    assert answer.status_code == (200 if passes else 403)


@pytest.mark.parametrize("token", ["", "x", "ü", "A" * 55, "====", "\x00"])
async def test_a_form_without_a_fitting_token_is_refused(visitor: Visitor, token: str) -> None:
    answer = await visitor.client.post("/konsole/notizen", data={"_csrf": token})

    assert answer.status_code == 403
    assert "laden Sie sie neu" in answer.text


async def test_the_token_of_another_session_is_refused(visitor: Visitor) -> None:
    token = await visitor.csrf_token()
    visitor.client.cookies.clear()
    visitor.sign_in(Role.CLERK)

    answer = await visitor.client.post("/konsole/notizen", data={"_csrf": token})

    assert answer.status_code == 403


async def test_each_page_shows_another_token_and_all_of_them_count(visitor: Visitor) -> None:
    first, second = await visitor.csrf_token(), await visitor.csrf_token()

    assert first != second
    for token in (first, second):
        answer = await visitor.client.post("/konsole/notizen", data={"_csrf": token})
        assert answer.status_code == 200


async def test_a_script_sends_the_token_in_a_header(visitor: Visitor) -> None:
    token = await visitor.csrf_token()

    with_token = await visitor.client.post(
        "/api/test/v1/notes", json={"text": "x"}, headers={"x-csrf-token": token}
    )
    without = await visitor.client.post("/api/test/v1/notes", json={"text": "x"})

    assert with_token.status_code == 200
    assert without.status_code == 403


async def test_a_guest_is_tied_to_the_page_by_the_personal_link(database: Database) -> None:
    async with visiting(app_for(database)) as guest:
        guest.hold(cookies.capability_cookie("invitation"), "valid-link")
        token = await guest.csrf_token()

        assert (await guest.client.post("/einladung")).status_code == 403
        assert (await guest.post("/einladung")).status_code == 200

        guest.hold(cookies.capability_cookie("invitation"), "another-link")
        stolen = await guest.client.post("/einladung", data={"_csrf": token})
        assert stolen.status_code == 403


async def test_a_visitor_without_cookies_needs_no_token_but_the_right_origin(
    database: Database,
) -> None:
    async with visiting(app_for(database)) as stranger:
        ours = await stranger.client.post("/formular")
        evil = await stranger.client.post("/formular", headers={"origin": "https://evil.example"})

        assert ours.status_code == 200
        assert evil.status_code == 403


async def test_reading_needs_no_token(visitor: Visitor) -> None:
    answer = await visitor.get("/konsole", headers={"sec-fetch-site": "cross-site"})

    assert answer.status_code == 200

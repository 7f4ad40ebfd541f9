"""Programs answer in the name of a guest, and get a problem document for whatever is wrong."""

from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest

from shared.contracts.recognition import GuestDetails
from shared.database import Pool
from tests.conftest import Database
from tests.recognition.honouring.guests import read
from tests.recognition.honouring.pages import browsing, invited
from tests.visitor import Visitor

PATH = "/api/recognition/v1/answers"


@pytest.fixture
async def program(database: Database) -> AsyncIterator[Visitor]:
    """A program without cookies."""
    async with browsing(database) as visitor:
        visitor.client.headers["accept"] = "application/json"
        yield visitor


async def sends(
    program: Visitor, guest: GuestDetails, key: str | None = None, **fields: Any
) -> httpx.Response:
    headers = {"idempotency-key": key} if key else {}
    body = {"token": guest.link_token, "coming": True, **fields}
    return await program.client.post(PATH, json=body, headers=headers)


async def test_an_answer_comes_back_with_the_state(program: Visitor, pool: Pool) -> None:
    (guest,) = (await invited(pool)).letters

    answer = await sends(program, guest, seats=2, companion_name="Ute Muster")

    assert (answer.status_code, answer.json()) == (200, {"state": "accepted"})


async def test_the_place_on_the_waiting_list_can_be_asked_for(program: Visitor, pool: Pool) -> None:
    first, second = (await invited(pool, 2, seats=1)).letters
    await sends(program, first)

    answer = await sends(program, second)

    seen = await program.get(
        "/api/recognition/v1/invitation", headers={"authorization": f"Bearer {second.link_token}"}
    )
    assert answer.json() == {"state": "waitlisted"}
    assert seen.json()["waiting_place"] == 1


async def test_a_letter_code_does_as_well_as_a_token(program: Visitor, pool: Pool) -> None:
    (guest,) = (await invited(pool)).letters

    answer = await sends(program, guest, token="", code=guest.letter_code)

    assert answer.json()["state"] == "accepted"


async def test_a_repeated_request_is_recognised_by_its_key(program: Visitor, pool: Pool) -> None:
    (guest,) = (await invited(pool)).letters
    await sends(program, guest, key="request-1")
    await sends(program, guest, key="request-2", coming=False)

    answer = await sends(program, guest, key="request-1")

    assert answer.json()["state"] == "declined"


async def test_needs_are_kept_as_they_were_sent(program: Visitor, pool: Pool) -> None:
    (guest,) = (await invited(pool)).letters
    await sends(
        program,
        guest,
        needs_wheelchair=True,
        with_access_companion=True,
        access_needs=["step_free"],
    )

    seen = await program.get(
        "/api/recognition/v1/invitation", headers={"authorization": f"Bearer {guest.link_token}"}
    )

    shown = seen.json()
    assert (shown["needs_wheelchair"], shown["access_needs"]) == (True, ["step_free"])
    assert [ticket["admission"] for ticket in shown["tickets"]] == ["wheelchair", "companion"]


@pytest.mark.parametrize(
    ("fields", "status"),
    [
        ({"token": "unknown"}, 404),
        ({"token": ""}, 400),
        ({"code": "7KQM-4T2X-9HRD"}, 400),
        ({"seats": 3}, 400),
        ({"seats": "zwei"}, 400),
        ({"coming": None}, 400),
        ({"companion_name": "x" * 101}, 400),
        ({"companion_name": "\x00", "seats": 2}, 400),
        ({"access_needs": ["Diagnose"]}, 400),
        ({"surprise": 1}, 400),
    ],
)
async def test_what_is_wrong_is_said_in_a_problem_document(
    program: Visitor, pool: Pool, fields: dict[str, Any], status: int
) -> None:
    (guest,) = (await invited(pool)).letters

    answer = await sends(program, guest, **fields)

    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    assert await is_untouched(pool, guest)


@pytest.mark.parametrize(
    "body", [b"", b"{", b"\xff\xfe", b'{"token": "\\ud800", "coming": true}', b"[" * 100_000]
)
async def test_what_is_no_json_is_refused(program: Visitor, body: bytes) -> None:
    answer = await program.client.post(
        PATH, content=body, headers={"content-type": "application/json"}
    )

    assert 400 <= answer.status_code < 500


async def test_an_unusable_key_is_refused(program: Visitor, pool: Pool) -> None:
    (guest,) = (await invited(pool)).letters

    assert (await sends(program, guest, key="short")).status_code == 400
    assert await is_untouched(pool, guest)


async def test_a_refusal_names_its_reason(program: Visitor, pool: Pool) -> None:
    first, second = (await invited(pool, 2, seats=2)).letters
    for guest in (first, second):
        await sends(program, guest)

    answer = await sends(program, first, seats=2)

    assert answer.status_code == 409
    assert answer.json()["type"] == "urn:ehrensache:problem:NoFurtherPlaces"


async def is_untouched(pool: Pool, guest: GuestDetails) -> bool:
    async with pool.acquire() as connection:
        return (await read(connection, guest.invitation_id)).invitation.version == 1

"""Programs plan and read honouring events as JSON, with problem documents for mistakes."""

from collections.abc import AsyncIterator
from typing import Any

import msgspec
import pytest

from services.recognition.app import create
from shared.auth import Role
from tests.conftest import Database
from tests.recognition.honouring import builders as a
from tests.recognition.honouring.settings import settings_for
from tests.visitor import Visitor, visiting

EVENTS = "/api/recognition/v1/honouring-events"


@pytest.fixture
async def program(database: Database) -> AsyncIterator[Visitor]:
    """A program that acts for the foundation."""
    async with visiting(create(settings_for(database))) as visitor:
        visitor.sign_in(Role.FOUNDATION)
        visitor.client.headers["x-csrf-token"] = await visitor.csrf_token()
        visitor.client.headers["accept"] = "application/json"
        yield visitor


def body(**changes: Any) -> dict[str, Any]:
    plan: dict[str, Any] = msgspec.to_builtins(a.plan())
    return {**plan, **changes}


async def test_a_planned_event_can_be_read_with_its_places(program: Visitor) -> None:
    planned = await program.client.post(EVENTS, json=body())
    report = await program.client.get(f"{EVENTS}/{planned.json()['honouring_event_id']}")

    assert planned.status_code == 201
    assert report.json()["places"]["volunteer_capacity"] == 10
    assert report.json()["event"]["starts_at"] == "2031-02-08T19:00:00"


async def test_a_listed_event_has_its_figures(program: Visitor) -> None:
    await program.client.post(EVENTS, json=body())

    listed = await program.client.get(EVENTS)

    assert listed.json()[0]["accepted_persons"] == 0


@pytest.mark.parametrize(
    "wrong",
    [
        {"programme": {"title": "\u0000", "programme": "", "venue_name": "x", "venue_address": ""}},
        {"programme": {"title": "\u202e", "programme": "", "venue_name": "x", "venue_address": ""}},
        {"schedule": {"starts_at": "2031-02-08T19:00:00+01:00"}},
        {"terms": None},
        {"capacities": {"volunteer": -1}},
    ],
)
async def test_a_malformed_plan_is_a_problem_document(
    program: Visitor, wrong: dict[str, Any]
) -> None:
    answer = await program.client.post(EVENTS, json=body(**wrong))

    assert answer.status_code == 400
    assert answer.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize("content", [b"{" * 100_000, b'"\xff"', b"", b"[]"])
async def test_what_is_no_plan_is_refused(program: Visitor, content: bytes) -> None:
    headers = {"content-type": "application/json"}

    answer = await program.client.post(EVENTS, content=content, headers=headers)

    assert answer.status_code == 400


async def test_the_problem_names_the_field(program: Visitor) -> None:
    programme = {"title": " ", "programme": "", "venue_name": "x", "venue_address": ""}

    answer = await program.client.post(EVENTS, json=body(programme=programme))

    assert answer.json()["errors"] == [
        {"field": "title", "detail": "Bitte geben Sie dem Konzert einen Titel."}
    ]

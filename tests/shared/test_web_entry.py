"""Every answer carries its headers and its id, and no secret stands in the log."""

import json
from collections.abc import AsyncIterator, Iterator
from typing import Any

import pytest
import structlog
from structlog.testing import LogCapture

from shared.auth import Role
from shared.web.entry import masked
from shared.web.headers import DEFAULTS, allow_camera
from shared.web.pages import Page
from tests.conftest import Database
from tests.shared.web_app import app_for
from tests.visitor import Visitor, visiting

PATHS = [
    "/livez",
    "/readyz",
    "/metrics",
    "/offen",
    "/konsole",
    "/nirgends",
    "/fehler/bug",
    "/fehler/away",
    "/static/mark.svg",
    "/static/nothing.css",
    "/e/valid-token",
    "/einladung",
    "/api/test/v1/notes",
    "/api/registry/v1/openapi.json",
]


@pytest.fixture(scope="module")
async def visitor(database: Database) -> AsyncIterator[Visitor]:
    async with visiting(app_for(database)) as opened:
        yield opened


@pytest.fixture
def logged() -> Iterator[list[str]]:
    """What is logged, as JSON lines, while the test runs."""
    capture = LogCapture()
    before = structlog.get_config()["processors"]
    structlog.configure(processors=[structlog.contextvars.merge_contextvars, capture])
    lines: list[str] = capture.entries  # type: ignore[assignment]
    yield lines
    structlog.configure(processors=before)


@pytest.mark.parametrize("path", PATHS)
async def test_every_answer_carries_the_security_headers(visitor: Visitor, path: str) -> None:
    answer = await visitor.get(path)

    for name, value in DEFAULTS.items():
        if name != b"cache-control":
            assert answer.headers[name.decode()] == value.decode()
    assert answer.headers["cache-control"]
    assert answer.headers["x-request-id"]
    assert "server" not in answer.headers


async def test_pages_hold_no_inline_script_or_style(visitor: Visitor) -> None:
    visitor.sign_in(Role.ADMIN)
    text = (await visitor.get("/konsole/seite")).text

    assert "<style" not in text
    assert " style=" not in text
    assert " onclick=" not in text
    assert text.count("<script") == text.count("<script src=")
    assert "http://" not in text
    assert "https://" not in text


def test_a_page_that_reads_codes_may_use_the_camera_and_no_more() -> None:
    answer = Page("")

    allow_camera(answer)

    assert "camera=(self)" in answer.headers["permissions-policy"]
    assert "worker-src 'self' blob:" in answer.headers["content-security-policy"]
    assert "script-src 'self';" in answer.headers["content-security-policy"]


@pytest.mark.parametrize(
    ("sent", "is_kept"),
    [
        ("abcdef-0123", True),
        ("A" * 64, True),
        ("short", False),
        ("A" * 65, False),
        ("with space 123", False),
        ('inject"ed: 1234', False),
        ("ümläute-1234", False),
    ],
)
async def test_a_request_id_is_taken_over_only_if_it_is_plain(
    visitor: Visitor, sent: str, *, is_kept: bool
) -> None:
    answer = await visitor.client.get("/livez", headers={b"x-request-id": sent.encode("latin-1")})

    assert (answer.headers["x-request-id"] == sent) == is_kept


@pytest.mark.parametrize(
    ("path", "shown"),
    [
        ("/konsole/personen", "/konsole/personen"),
        ("/e/kurz", "/e/***"),
        ("/v/AbC/auch/das", "/v/***"),
        ("/k/kurz", "/k/***"),
        ("/e/a\nb", "/e/***"),
        ("/kalender/q8Jx0Zk1TtW2mN7vB4cD5eFg.ics", "/kalender/***.ics"),
        ("/einladung/q8Jx0Zk1TtW2mN7vB4cD5eFg/x", "/einladung/***/x"),
        (
            "/konsole/personen/0190a5d2-0000-7000-8000-000000000000",
            "/konsole/personen/0190a5d2-0000-7000-8000-000000000000",
        ),
        ("/" + "a b" * 500, ("/" + "a b" * 500)[:200]),
    ],
)
def test_no_secret_of_a_link_is_logged(path: str, shown: str) -> None:
    assert masked(path) == shown


async def test_the_log_names_the_route_and_neither_query_nor_token(
    visitor: Visitor, logged: list[Any]
) -> None:
    await visitor.get("/e/valid-very-secret?name=Erika", headers={"x-request-id": "my-request-1"})

    entry = next(entry for entry in logged if entry["event"] == "request")
    assert entry["route"] == "/e/{token}"
    assert entry["request_id"] == "my-request-1"
    assert "very-secret" not in json.dumps(logged, default=str)
    assert "Erika" not in json.dumps(logged, default=str)


async def test_what_machines_ask_every_few_seconds_is_measured_and_not_logged(
    visitor: Visitor, logged: list[Any]
) -> None:
    for path in ("/livez", "/readyz", "/metrics", "/offen"):
        await visitor.get(path)

    requests = [entry for entry in logged if entry["event"] == "request"]
    assert [entry["path"] for entry in requests] == ["/offen"]
    assert 'route="/readyz"' in (await visitor.get("/metrics")).text


async def test_a_probe_that_goes_wrong_is_logged(visitor: Visitor, logged: list[Any]) -> None:
    await visitor.get("/metrics", headers={"x-forwarded-for": "203.0.113.7"})

    requests = [entry for entry in logged if entry["event"] == "request"]
    assert [entry["status"] for entry in requests] == [404]


@pytest.mark.parametrize("path", ["/offen", "/static/mark.svg", "/nirgends", "/e/valid-token"])
async def test_head_answers_what_get_would_without_its_content(visitor: Visitor, path: str) -> None:
    full, head = await visitor.get(path), await visitor.client.head(path)

    assert head.status_code == full.status_code
    assert head.content == b""
    own = {"x-request-id", "date", "content-length"}
    assert {*head.headers} - own == {*full.headers} - own
    assert head.headers["content-length"]


async def test_requests_are_measured_by_route_and_not_by_address(visitor: Visitor) -> None:
    await visitor.get("/e/valid-one")
    await visitor.get("/e/valid-two")
    await visitor.client.request("BREW", "/offen")

    metrics = (await visitor.get("/metrics")).text

    assert 'method="GET",route="/e/{token}",status="303"' in metrics
    assert 'method="other"' in metrics
    assert "valid-one" not in metrics


async def test_metrics_are_not_shown_through_the_gateway(visitor: Visitor) -> None:
    answer = await visitor.get("/metrics", headers={"x-forwarded-for": "203.0.113.7"})

    assert answer.status_code == 404


async def test_the_process_is_ready_when_the_database_is_and_says_that_nats_is_away(
    visitor: Visitor,
) -> None:
    answer = await visitor.get("/readyz")

    assert answer.status_code == 200
    assert answer.json() == {"database": True, "nats": False}


async def test_the_process_is_not_ready_without_its_database(database: Database) -> None:
    app = app_for(database)
    async with visiting(app) as visitor:
        await app.state.pool.close()

        ready = await visitor.get("/readyz")
        alive = await visitor.get("/livez")
        page = await visitor.post("/api/test/v1/notes", content=b'{"text":"x"}')

        assert ready.status_code == 503
        assert ready.json() == {"database": False, "nats": False}
        assert alive.status_code == 200
        assert page.status_code == 503

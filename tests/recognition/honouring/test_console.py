"""The foundation plans a concert through its pages, from the empty form to the sent wave."""

import re
from collections.abc import AsyncIterator
from uuid import UUID

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from services.recognition.app import Settings, create
from services.recognition.honouring.store import events, quotas
from shared.auth import Role
from shared.database import Pool, transaction
from tests.conftest import Database
from tests.recognition.honouring import builders as a
from tests.visitor import PUBLIC_URL, STAFF_PUBLIC_KEY, Visitor, visiting

PLAN = {
    "title": "Ehrenamtskonzert 2031",
    "programme": "Die Philharmonie spielt.",
    "venue_name": "Kulturpalast",
    "venue_address": "Schloßstraße 2",
    "held_on": "2031-02-08",
    "doors_open_at": "18:00",
    "starts_at": "19:00",
    "ends_at": "21:00",
    "nominate_by_on": "2030-11-30",
    "answer_by_on": "2031-01-10",
    "offer_hours": "48",
    "most_seats": "2",
    "volunteer": "1.257",
    "protocol": "500",
    "standard": "1.721",
    "wheelchair": "18",
    "companion": "18",
}


def settings(database: Database) -> Settings:
    key = Ed25519PrivateKey.generate()
    pem = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()
    return Settings(
        database_url=database.url("recognition"),
        nats_url="nats://127.0.0.1:1",
        public_url=PUBLIC_URL,
        staff_token_public_key=STAFF_PUBLIC_KEY,
        ticket_private_key=pem,
    )


@pytest.fixture
async def browser(database: Database) -> AsyncIterator[Visitor]:
    """A browser without cookies at recognition's pages."""
    async with visiting(create(settings(database))) as visitor:
        yield visitor


@pytest.fixture
async def foundation(browser: Visitor) -> Visitor:
    """A browser in which the foundation is signed in."""
    browser.sign_in(Role.FOUNDATION)
    return browser


async def test_a_concert_is_planned_in_the_form(foundation: Visitor) -> None:
    answer = await foundation.post("/konsole/konzerte", PLAN)

    assert answer.status_code == 303, answer.text
    shown = await foundation.get(answer.headers["location"])
    assert "Samstag, 8. Februar 2031" in shown.text
    assert "1.257" in shown.text

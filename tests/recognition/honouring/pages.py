"""Browsers of guests, clerks and door staff at recognition's real application."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from uuid import UUID

import msgspec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from services.recognition.app import create
from services.recognition.honouring.commands.give_links import GiveLinks, give_links
from services.recognition.settings import Settings
from shared.contracts.recognition import GuestDetails
from shared.database import Pool, transaction
from tests.conftest import Database
from tests.recognition.honouring.guests import guests
from tests.recognition.honouring.keys import KEYS, pem
from tests.visitor import PUBLIC_URL, STAFF_PUBLIC_KEY, Visitor, visiting


class Invited(msgspec.Struct, frozen=True):
    """An event and what its guests hold in their hands."""

    event_id: UUID
    letters: list[GuestDetails]


@asynccontextmanager
async def browsing(database: Database) -> AsyncIterator[Visitor]:
    """A browser without cookies at recognition's pages."""
    settings = Settings(
        database_url=database.url("recognition"),
        nats_url="nats://127.0.0.1:1",
        public_url=PUBLIC_URL,
        staff_token_public_key=STAFF_PUBLIC_KEY,
        ticket_private_key=pem(Ed25519PrivateKey.from_private_bytes(bytes(range(32)))),
    )
    async with visiting(create(settings)) as visitor:
        yield visitor


async def invited(pool: Pool, count: int = 1, *, seats: int = 10) -> Invited:
    """Guests with their links and letter codes."""
    async with transaction(pool) as opened:
        event_id, ids = await guests(opened, count, seats=seats)
        details = await give_links(opened, GiveLinks(invitation_ids=tuple(ids), keys=KEYS))
    return Invited(event_id, sorted(details, key=lambda one: one.invitation_id))


async def open_link(browser: Visitor, guest: GuestDetails) -> None:
    """Follow a guest's link in this browser, which leaves the invitation before it."""
    browser.client.cookies.clear()
    answer = await browser.get(f"/e/{guest.link_token}")
    if answer.status_code != 303:
        raise LookupError(answer.text)

"""Hands notifier's tests its pool, a transaction, a mail server and the other services' answers."""

from collections.abc import AsyncIterator
from pathlib import Path

import msgspec
import pytest
from litestar import Litestar

from services.notifier.http.routes import ROUTES
from services.notifier.sending import Sending
from services.notifier.smtp import Postman
from shared.auth import Role
from shared.contracts.recognition import GuestDetails
from shared.database import Connection, Pool
from shared.web.app import create_app
from tests.conftest import Bus, Database, rolled_back
from tests.notifier.builders import settings
from tests.notifier.mail_server import MailServer, serving
from tests.notifier.neighbours import Neighbours, neighbouring
from tests.notifier.queued import sorted_out
from tests.visitor import Visitor, visiting
from tests.waiting import until

PAGES = Path(__file__).parents[2] / "services" / "notifier" / "pages"
EMPTIED = (
    "letter_file", "letter_print", "letter", "letter_batch", "message", "known_invitation",
    "known_event", "known_registration", "mail_opt_out", "outbox", "inbox",
)  # fmt: skip


@pytest.fixture(scope="module")
async def pool(database: Database) -> AsyncIterator[Pool]:
    """A pool as notifier opens it."""
    async with database.pool("notifier") as opened:
        yield opened


@pytest.fixture
async def transaction(pool: Pool) -> AsyncIterator[Connection]:
    """A transaction that leaves nothing behind."""
    async with rolled_back(pool) as opened:
        yield opened


@pytest.fixture
async def emptied(pool: Pool) -> Pool:
    """The pool, with nothing in the ledger and sending as fast as possible."""
    for table in EMPTIED:
        await pool.execute(f"delete from {table}")  # noqa: S608 - fixed names
    await pool.execute(
        "update sending_control set paused_at = null, mails_per_second = 0, trouble = '',"
        " trouble_since = null, next_slot_at = now()"
    )
    return pool


@pytest.fixture
async def server() -> AsyncIterator[MailServer]:
    """A mail server without faults so far."""
    async with serving() as served:
        yield served


class Office(msgspec.Struct, frozen=True):
    """Everything around one worker's sending."""

    pool: Pool
    server: MailServer
    neighbours: Neighbours
    sending: Sending

    async def hear(self, *guests: GuestDetails) -> None:
        """Have notifier hear of these guests and sort their messages."""
        await sorted_out(self.pool, self.neighbours, *guests)

    async def send_all(self) -> None:
        """Send until nothing is due."""
        while await self.sending.send_due():
            pass


@pytest.fixture
async def office(
    emptied: Pool, server: MailServer, neighbours: Neighbours
) -> AsyncIterator[Office]:
    """A worker that can send, and an empty ledger."""
    known = settings(smtp_port=server.port)
    postman = Postman(known.smtp_server, data_seconds=0.5)
    yield Office(emptied, server, neighbours, Sending(known, emptied, neighbours.asks, postman))
    await postman.close()


@pytest.fixture
async def neighbours(nats: Bus) -> AsyncIterator[Neighbours]:
    """Recognition and registry, answering over NATS."""
    async with neighbouring(nats) as opened:
        yield opened


@pytest.fixture
def app(database: Database, nats: Bus) -> Litestar:
    """Notifier's application."""
    known = settings(
        database_url=database.url("notifier"),
        nats_url=nats.server.url,
        nats_credentials=nats.credentials("notifier"),
    )
    return create_app(service="notifier", settings=known, routes=ROUTES, pages=PAGES)


@pytest.fixture
async def visitor(app: Litestar) -> AsyncIterator[Visitor]:
    """A browser at a service that has reached the others."""
    async with visiting(app) as opened:
        await until(lambda: app.state.bus.is_connected)
        yield opened


@pytest.fixture
def clerk(visitor: Visitor) -> Visitor:
    """A clerk's browser."""
    visitor.sign_in(Role.CLERK)
    return visitor

"""Opens the real application of events and puts courses into it."""

from collections.abc import AsyncIterator

import pytest
from litestar import Litestar

from services.events.app import app_for
from services.events.settings import Settings
from shared.auth import Role
from shared.web.limits import Misses
from tests.conftest import Database
from tests.visitor import PUBLIC_URL, STAFF_PUBLIC_KEY, Visitor, visiting


@pytest.fixture(scope="module")
async def app(database: Database) -> Litestar:
    """The application; NATS is where nobody answers."""
    return app_for(
        Settings(
            database_url=database.url("events"),
            nats_url="nats://127.0.0.1:9",
            public_url=PUBLIC_URL,
            staff_token_public_key=STAFF_PUBLIC_KEY,
            pool_size=4,
        )
    )


@pytest.fixture(scope="module")
async def living(app: Litestar) -> AsyncIterator[Visitor]:
    """The running application with its first visitor."""
    async with visiting(app) as opened:
        yield opened


@pytest.fixture
async def visitor(app: Litestar, living: Visitor) -> AsyncIterator[Visitor]:
    """A visitor without cookies, who has not registered for anything lately."""
    living.client.cookies.clear()
    app.state.course_requests = Misses()
    yield living
    living.client.cookies.clear()


@pytest.fixture
def editor(visitor: Visitor) -> Visitor:
    """A visitor who looks after courses."""
    visitor.sign_in(Role.EDITOR)
    return visitor

"""Hands registry's tests its pool and a transaction in its schema."""

from collections.abc import AsyncIterator

import pytest

from services.registry.app import create
from services.registry.settings import Settings
from shared.auth import Role
from shared.database import Connection, Pool
from tests.conftest import Database, rolled_back
from tests.visitor import PUBLIC_URL, STAFF_KEY, STAFF_PUBLIC_KEY, Visitor, visiting


@pytest.fixture(scope="module")
async def pool(database: Database) -> AsyncIterator[Pool]:
    """A pool as registry opens it."""
    async with database.pool("registry") as opened:
        yield opened


@pytest.fixture
async def transaction(pool: Pool) -> AsyncIterator[Connection]:
    """A transaction that leaves nothing behind."""
    async with rolled_back(pool) as opened:
        yield opened


@pytest.fixture(scope="module")
async def clerk(database: Database) -> AsyncIterator[Visitor]:
    """A browser at registry in which a clerk has signed in."""
    async with visiting(create(settings_for(database))) as visitor:
        visitor.sign_in(Role.CLERK)
        yield visitor


def settings_for(database: Database) -> Settings:
    """Return the settings of a registry without NATS, which its pages can do without."""
    return Settings(
        database_url=database.url("registry"),
        nats_url="nats://127.0.0.1:1",
        public_url=PUBLIC_URL,
        staff_token_public_key=STAFF_PUBLIC_KEY,
        staff_token_private_key=STAFF_KEY,
        oidc_issuer="https://anmeldung.example.de",
        oidc_client_id="ehrensache",
        oidc_client_secret="geheim",
    )

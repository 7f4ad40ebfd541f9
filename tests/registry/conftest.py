"""Hands registry's tests its pool and a transaction in its schema."""

from collections.abc import AsyncIterator

import pytest

from shared.database import Connection, Pool
from tests.conftest import Database, rolled_back


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

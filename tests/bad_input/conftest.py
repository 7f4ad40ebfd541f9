"""Starts all four applications and fills them, so that bad input meets something."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack

import pytest

from tests.bad_input.town import Town, filled
from tests.conftest import Database


@pytest.fixture(scope="module")
async def town(database: Database) -> AsyncIterator[Town]:
    """All four services with something in each."""
    async with AsyncExitStack() as stack:
        yield await filled(database, stack)

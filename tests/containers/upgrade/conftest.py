"""A system of the version before this one, and many guests with invitations."""

from collections.abc import AsyncIterator

import pytest

from tests.containers.running import EARLIER_VERSION, build_earlier, prepared, started
from tests.containers.system import ComposedSystem
from tests.journeys.conftest import clerk, mailbox, planner

__all__ = ["clerk", "mailbox", "planner"]


@pytest.fixture(scope="session")
async def system() -> AsyncIterator[ComposedSystem]:
    """All services, started once from the earlier images."""
    with prepared("upgrade", subnet=69) as composition:
        build_earlier(composition)
        composition.version = EARLIER_VERSION
        async with started(composition) as system:
            yield system

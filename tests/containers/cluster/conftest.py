"""The same system with three NATS servers and two of each process."""

from collections.abc import AsyncIterator

import pytest

from tests.containers.running import prepared, started
from tests.containers.system import ComposedSystem
from tests.journeys.conftest import cast, citizen, clerk, mailbox, planner

__all__ = ["cast", "citizen", "clerk", "mailbox", "planner"]


@pytest.fixture(scope="session")
async def system() -> AsyncIterator[ComposedSystem]:
    """All services of the cluster, started once."""
    with prepared("cluster", "compose.cluster.yaml", subnet=68) as composition:
        async with started(composition) as system:
            yield system

"""One system in containers for all tests of a run, and the people of the journeys."""

from collections.abc import AsyncIterator, Iterator

import pytest

from tests.containers.composition import Composition
from tests.containers.running import prepared, started
from tests.containers.system import ComposedSystem
from tests.journeys.conftest import (
    cast,
    citizen,
    clerk,
    doorkeeper,
    editor,
    mailbox,
    planner,
)

__all__ = ["cast", "citizen", "clerk", "doorkeeper", "editor", "mailbox", "planner"]


@pytest.fixture(scope="session")
def composition() -> Iterator[Composition]:
    """The images, built from this tree, and a folder to start them from."""
    with prepared("single") as composition:
        yield composition


@pytest.fixture(scope="session")
async def system(composition: Composition) -> AsyncIterator[ComposedSystem]:
    """All services, started once."""
    async with started(composition) as system:
        yield system

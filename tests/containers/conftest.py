"""One system in containers for all tests of a run, and the people of the journeys."""

import subprocess
import tempfile
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from deploy.offline import engine, images
from deploy.postgres.roles import SERVICES
from tests.containers.composition import Composition
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

ROOT = Path(__file__).parents[2]
COMMIT = subprocess.run(
    ["git", "-C", ROOT, "rev-parse", "HEAD"],  # noqa: S607 - whichever git there is
    capture_output=True,
    text=True,
    check=True,
).stdout.strip()
BUILT = (*(f"{service}-api" for service in SERVICES), "operator", "mailbox")
"""One service for each image."""
LOGS = ROOT / ".local" / "log" / "containers.log"


def pytest_report_header() -> list[str]:
    """Make engine and images ready, and say which images are stand-ins."""
    done = engine.ensure()
    kinds = {True: "STAND-IN, built from our wheels", False: "the official image"}
    return [*done, *(f"{name}: {kinds[which]}" for name, which in images.ensure().items())]


@pytest.fixture(scope="session")
def composition() -> Iterator[Composition]:
    """The images, built from this tree, and a folder to start them from."""
    place = Path("/var/tmp")  # noqa: S108 - a folder with a random name is made in it
    with tempfile.TemporaryDirectory(prefix="ehrensache-", dir=place) as folder:
        Path(folder).chmod(0o755)
        made = Composition(Path(folder), "ehrensache-test")
        made.prepare()
        made.run("build", "--quiet", *BUILT, EHRENSACHE_REVISION=COMMIT)
        yield made
        made.remove()


@pytest.fixture(scope="session")
async def system(composition: Composition) -> AsyncIterator[ComposedSystem]:
    """All services, started once."""
    system = ComposedSystem(composition)
    try:
        await system.start()
        yield system
    finally:
        LOGS.write_text(composition.run("logs", "--no-color"))
        await system.stop()

"""Builds the images of this tree once for a run, and starts systems from them."""

import subprocess
import tempfile
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from typing import Final

from deploy.postgres.roles import SERVICES
from tests.containers.composition import THIS_VERSION, Composition, Failed
from tests.containers.leftovers import last_words
from tests.containers.system import ComposedSystem

ROOT: Final = Path(__file__).parents[2]
LOGS: Final = ROOT / ".local" / "log"
COMMIT: Final = subprocess.run(
    ["git", "-C", ROOT, "rev-parse", "HEAD"],  # noqa: S607 - whichever git there is
    capture_output=True,
    text=True,
    check=True,
).stdout.strip()
EARLIER: Final = "6623573e29ca35ad57ba788664e8d3fd62e234c9"
"""The commit of the version before this one: what operators upgrade from, and go back to. It moves
on with each release, see docs/decisions/0150."""
EARLIER_VERSION: Final = "earlier"
"""What its images are tagged with."""
BUILT: Final = (*(f"{service}-api" for service in SERVICES), "operator", "mailbox")
"""One service of the compose file for each image."""


@contextmanager
def prepared(name: str, *more: str, subnet: int = 67) -> Iterator[Composition]:
    """Yield a project with its folder; nothing of it is left afterwards."""
    place = Path("/var/tmp")  # noqa: S108 - a folder with a random name is made in it
    with tempfile.TemporaryDirectory(prefix="ehrensache-", dir=place) as folder:
        Path(folder).chmod(0o755)
        composition = Composition(Path(folder), name, *more, subnet=subnet)
        composition.prepare()
        _build(composition)
        try:
            yield composition
        finally:
            composition.remove()


@asynccontextmanager
async def started(
    composition: Composition, kind: type[ComposedSystem] = ComposedSystem
) -> AsyncIterator[ComposedSystem]:
    """Yield the running system; its logs are kept below .local/log."""
    system = kind(composition)
    try:
        await system.start()
        yield system
    except Failed as failure:
        failure.add_note(last_words())
        raise
    finally:
        LOGS.mkdir(parents=True, exist_ok=True)
        (LOGS / f"{composition.project}.log").write_text(composition.run("logs", "--no-color"))
        await system.stop()


def build_earlier(composition: Composition) -> None:
    """Build the images of the version before this one, from its own tree by its own files."""
    archived = subprocess.run(
        ["git", "-C", ROOT, "archive", EARLIER],  # noqa: S607 - whichever git there is
        capture_output=True,
        check=True,
    ).stdout
    with tempfile.TemporaryDirectory() as tree:
        subprocess.run(["tar", "-x", "-C", tree], input=archived, check=True)  # noqa: S607 - as git
        composition.build(BUILT, Path(tree), EARLIER_VERSION, EARLIER)


_done: set[str] = set()


def _build(composition: Composition) -> None:
    """Build the images, unless this run has."""
    if COMMIT not in _done:
        composition.build(BUILT, ROOT, THIS_VERSION, COMMIT)
        _done.add(COMMIT)

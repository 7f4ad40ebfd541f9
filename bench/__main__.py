"""Prints the figures of design.md section 8 beside bounds from the same run: `make bench`."""

import logging
import os
import platform
import sys
import time
from collections.abc import Awaitable, Callable
from typing import Final

import structlog
import uvloop

from bench import (
    answers,
    doors,
    facts,
    feeds,
    flood,
    imports,
    ingest,
    partners,
    publishing,
    startup,
    stored,
    waves,
)
from bench.figures import Figure, table
from bench.servers import started
from bench.system import System, running, tell

FACTS: Final = "facts"
GROUPS: Final[dict[str, Callable[[System], Awaitable[list[Figure]]]]] = {
    "start": startup.measure,
    "answers": answers.measure,
    "doors": doors.measure,
    "feeds": feeds.measure,
    "partners": partners.measure,
    "ingest": ingest.measure,
    "flood": flood.measure,
    "publishing": publishing.measure,
    "stored": stored.measure,
    "waves": waves.measure,
    "imports": imports.measure,
    "memory": startup.measure_memory,
}
"""In this order, since memory is looked at after everything else."""
USAGE: Final = 64
"""Exit code, EX_USAGE."""


async def main(wanted: list[str]) -> None:
    """Measure one after the other and print one table."""
    figures: list[Figure] = []
    began_with = _load()
    if FACTS in wanted:
        tell(FACTS)
        async with started() as servers:
            figures += await facts.measure(servers)
    if groups := [group for group in GROUPS if group in wanted]:
        tell("the system starts")
        async with running() as system:
            for group in groups:
                began = time.perf_counter()
                measured = await GROUPS[group](system)
                seconds = time.perf_counter() - began
                tell("\n".join([f"{group} ({seconds:.0f} s)", *(one.line() for one in measured)]))
                figures += measured
    print(table(figures))
    print(
        f"\n{os.cpu_count()} cores, Python {platform.python_version()}, "
        f"load {began_with:.1f} before and {_load():.1f} after."
    )


def _load() -> float:
    """Return how many processes wanted a core in the last minute, on average."""
    return os.getloadavg()[0]


if __name__ == "__main__":
    # Pieces of services run in this process too; the table alone belongs on standard output.
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING))
    known = [FACTS, *GROUPS]
    named = sys.argv[1:] or known
    if unknown := set(named) - set(known):
        sys.stderr.write(
            f"unknown: {', '.join(unknown)}\nusage: python -m bench [{'|'.join(known)}]…\n"
        )
        sys.exit(USAGE)
    uvloop.run(main(named))

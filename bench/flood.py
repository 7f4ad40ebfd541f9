"""Measures what the flood of one partner costs another, who publishes a few items a second."""

import asyncio
import itertools
import sys
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from typing import Final

from bench.figures import Figure, percentile
from bench.flooding import KINDS, NAME
from bench.items import RUNS, Sender, Way, follow, run_operator, sender
from bench.system import System, tell, until
from deploy.local.layout import ROOT
from shared.database import Pool

QUIET: Final = "quiet"
RATE: Final = 5
ITEMS: Final = 100
"""Of each round."""
ROUNDS: Final = 3
MOST: Final = 2
"""How many times as long the other partner may wait."""


async def measure(system: System) -> list[Figure]:
    """Return how long the quiet partner waits during each kind of flood, beside without one.

    Rounds with and without alternate, so that what else the machine does is in both.
    """
    numbers = itertools.count()
    alone, during = Way({}, {}, {}, {}), {kind: Way({}, {}, {}, {}) for kind in KINDS}
    async with system.pool("events", size=1) as pool, sender(system, QUIET) as quiet:
        await _round(system, quiet, numbers)
        for _ in range(ROUNDS):
            alone.add(await _round(system, quiet, numbers))
            for kind, way in during.items():
                tell(f"a flood of {kind} items")
                async with sender(system, NAME) as flooding, _flood(system, pool, flooding, kind):
                    way.add(await _round(system, quiet, numbers))
                await run_operator(
                    system.variables, *("partner", "remove", NAME), *("--events", "delete", "--yes")
                )
    return [figure for kind, way in during.items() for figure in _figures(kind, way, alone)]


async def _round(system: System, quiet: Sender, numbers: Iterator[int]) -> Way:
    some = list(itertools.islice(numbers, ITEMS))
    return await follow(system, quiet, RUNS, some, RATE)


@asynccontextmanager
async def _flood(system: System, pool: Pool, flooding: Sender, kind: str) -> AsyncIterator[None]:
    """Have the other partner publish without end, from when the worker has begun on it."""
    counted = "select count(*) from partner_message join partner using (partner_id) where name = $1"
    before = await pool.fetchval(counted, NAME)

    async def has_begun() -> bool:
        return bool(await pool.fetchval(counted, NAME) > before)

    started = time.perf_counter()
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        *("-m", "bench.flooding", system.stack.notes.nats_url, flooding.credentials, kind),
        cwd=ROOT,
        stdout=asyncio.subprocess.PIPE,
    )
    try:
        await until(has_begun, "the worker has not begun on the flood")
        yield
        if process.returncode is not None:
            raise RuntimeError("the flood has ended too early")
        seconds, taken = time.perf_counter() - started, await pool.fetchval(counted, NAME) - before
    finally:
        if process.returncode is None:
            process.terminate()
        written, _ = await process.communicate()
    sent = int(written.split()[-1])
    tell(f"a second, {sent / seconds:.0f} messages were sent and {taken / seconds:.0f} taken")


def _figures(kind: str, during: Way, alone: Way) -> list[Figure]:
    return [
        Figure(
            what=f"a quiet partner's item to {what}, p99, beside another's flood of {kind} items",
            value=percentile(during.delays(flooded), 0.99),
            unit="ms",
            bound=percentile(alone.delays(calm), 0.99),
            bound_is="ms, without the flood",
            budget=f"≤ {MOST} times",
            is_kept=percentile(during.delays(flooded), 0.99)
            <= MOST * percentile(alone.delays(calm), 0.99),
        )
        for what, flooded, calm in (
            ("its stream's disk", during.stored, alone.stored),
            ("its receipt", during.told, alone.told),
            ("the feed", during.seen, alone.seen),
        )
    ]

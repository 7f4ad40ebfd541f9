"""Does work that is due again and again, and forgets what every service keeps for a while only."""

import asyncio
from collections.abc import Awaitable, Callable

import msgspec

from shared import dead_letters, inbox, outbox
from shared.database import Connection, Pool, transaction
from shared.telemetry import TIMER_RUNS, log

TRIM_ROWS = 1_000
"""How many rows one transaction deletes."""
HOUR = 3_600.0

Batch = Callable[[Connection, int], Awaitable[int]]
"""Deletes up to so many rows whose time is over, and returns how many."""


class Timer(msgspec.Struct, frozen=True):
    """Work that is looked for again and again: deadlines, reminders, clean-up."""

    name: str
    every_seconds: float
    job: Callable[[], Awaitable[int]]
    """Works one batch and returns how much it did; it is called again at once until that is 0."""


class Ticking:
    """One timer's loop. A job that fails is logged and tried again at its next time."""

    def __init__(self, timer: Timer) -> None:
        self._timer = timer

    async def run(self) -> None:
        """Work as long as the worker runs."""
        while True:
            if not await self._tick():
                await asyncio.sleep(self._timer.every_seconds)

    async def _tick(self) -> int:
        try:
            done = await self._timer.job()
        except Exception as error:  # noqa: BLE001 - the edge: logged, counted, tried again
            TIMER_RUNS.labels(self._timer.name, "failed").inc()
            log().error("timer_failed", timer=self._timer.name, exc_info=error)
            return 0
        TIMER_RUNS.labels(self._timer.name, "done").inc()
        return done


def forget(name: str, pool: Pool, delete: Batch) -> Timer:
    """Return the timer that deletes, every hour and in small batches, what is kept no longer."""

    async def job() -> int:
        async with transaction(pool) as opened:
            return await delete(opened, TRIM_ROWS)

    return Timer(name, HOUR, job)


def clean_up(pool: Pool) -> list[Timer]:
    """Return the timers of every worker for the tables that all services have."""
    return [
        forget("forget_published", pool, outbox.forget_published),
        forget("forget_taken", pool, inbox.forget_taken),
        forget("forget_dead_letters", pool, dead_letters.forget_old),
    ]

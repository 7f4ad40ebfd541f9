"""Does work that is due again and again, and forgets what every service keeps for a while only."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Sequence

import msgspec

from shared import audit, dead_letters, inbox, outbox, timer_runs
from shared.database import Connection, Pool, transaction
from shared.telemetry import AUDIT_BROKEN, TIMER_RUNS, log, tracing
from shared.timer_runs import TimerRun

TRIM_ROWS = 1_000
"""How many rows one transaction deletes."""
HOUR = 3_600.0
DAY = 24 * HOUR
NOTE_SECONDS = 15.0
"""How often a worker notes when its timers have run."""

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
        self._done_at: float | None = None

    @property
    def last_run(self) -> TimerRun:
        """Return when the job last came to its end without a fault."""
        ago = None if self._done_at is None else time.monotonic() - self._done_at
        return TimerRun(self._timer.name, self._timer.every_seconds, ago)

    async def run(self) -> None:
        """Work as long as the worker runs."""
        while True:
            if not await self._tick():
                await asyncio.sleep(self._timer.every_seconds)

    async def _tick(self) -> int:
        with tracing(None):
            try:
                done = await self._timer.job()
            except Exception as error:  # noqa: BLE001 - the edge: logged, counted, tried again
                TIMER_RUNS.labels(self._timer.name, "failed").inc()
                log().error("timer_failed", timer=self._timer.name, exc_info=error)
                return 0
        TIMER_RUNS.labels(self._timer.name, "done").inc()
        self._done_at = time.monotonic()
        return done


def forget(name: str, pool: Pool, delete: Batch) -> Timer:
    """Return the timer that deletes, every hour and in small batches, what is kept no longer."""

    async def job() -> int:
        async with transaction(pool) as opened:
            return await delete(opened, TRIM_ROWS)

    return Timer(name, HOUR, job)


def ticking(timers: Sequence[Timer], pool: Pool) -> list[Ticking]:
    """Return the loops of a worker's timers, and the one that notes when they have run."""
    loops: list[Ticking] = []

    async def note() -> int:
        async with transaction(pool) as opened:
            await timer_runs.keep(opened, [loop.last_run for loop in loops])
        return 0

    loops += map(Ticking, [*timers, Timer("note_timers", NOTE_SECONDS, note)])
    return loops


def of_every_worker(pool: Pool) -> list[Timer]:
    """Return the timers for the tables that all services have."""

    async def check_audit() -> int:
        async with pool.acquire() as connection:
            AUDIT_BROKEN.set(await audit.first_broken(connection) or 0)
        return 0

    return [
        Timer("check_audit", DAY, check_audit),
        forget("forget_published", pool, outbox.forget_published),
        forget("forget_taken", pool, inbox.forget_taken),
        forget("forget_dead_letters", pool, dead_letters.forget_old),
    ]

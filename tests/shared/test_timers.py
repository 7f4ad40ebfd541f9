"""A timer's last run stands in the database, so that one that stands still is seen."""

import asyncio

from shared import timer_runs
from shared.database import Connection, Pool
from shared.timer_runs import TimerRun
from shared.timers import NOTE_SECONDS, Timer, ticking
from tests.waiting import until

FIGURES = "select label, value from kit_figure where name = $1"


async def figures(connection: Connection, name: str) -> dict[str, float]:
    rows = await connection.fetch(FIGURES, name)
    return {row["label"]: row["value"] for row in rows}


async def test_an_older_run_never_hides_a_newer_one(transaction: Connection) -> None:
    await timer_runs.keep(transaction, [TimerRun("lapse", 5, 10.0)])
    await timer_runs.keep(transaction, [TimerRun("lapse", 5, 500.0)])
    await timer_runs.keep(transaction, [TimerRun("lapse", 5, None)])

    ages = await figures(transaction, "timer_age_seconds")
    assert 9 < ages["lapse"] < 400


async def test_a_timer_that_never_came_to_its_end_ages(transaction: Connection) -> None:
    await timer_runs.keep(transaction, [TimerRun("lapse", 5, None)])
    await transaction.execute("update timer_run set known_since = now() - interval '1 hour'")
    await timer_runs.keep(transaction, [TimerRun("lapse", 6, None)])

    assert await figures(transaction, "timer_age_seconds") == {"lapse": 3_600}
    assert await figures(transaction, "timer_interval_seconds") == {"lapse": 6}


async def test_a_timer_that_is_no_more_is_forgotten(transaction: Connection) -> None:
    await timer_runs.keep(transaction, [TimerRun("old", 5, 1.0), TimerRun("lapse", 5, 1.0)])
    await timer_runs.keep(transaction, [TimerRun("lapse", 5, 1.0)])

    assert list(await figures(transaction, "timer_age_seconds")) == ["lapse"]


async def test_a_worker_notes_its_timers_but_no_run_that_failed(pool: Pool) -> None:
    async def work() -> int:
        return 0

    async def fail() -> int:
        raise ZeroDivisionError

    loops = ticking([Timer("works", 0.01, work), Timer("fails", 0.01, fail)], pool)
    running = [asyncio.create_task(loop.run()) for loop in loops]
    try:
        await until(lambda: loops[0].last_run.done_seconds_ago is not None)
        async with pool.acquire() as connection:
            await until(lambda: figures(connection, "timer_interval_seconds"))
            intervals = await figures(connection, "timer_interval_seconds")
    finally:
        for task in running:
            task.cancel()

    assert intervals == {"works": 0.01, "fails": 0.01, "note_timers": NOTE_SECONDS}
    assert loops[1].last_run.done_seconds_ago is None

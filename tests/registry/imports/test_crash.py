"""An import whose worker is killed leaves nothing behind and is done once by the next worker."""

import asyncio
import os
import signal
import sys

from services.registry.imports.commands.start_import import StartImport, start_import
from services.registry.imports.store import jobs
from services.registry.imports.work import run_next
from shared.database import Pool, transaction
from shared.failpoints import VARIABLE
from tests.conftest import ROOT, Database
from tests.registry.lists import CLERK, people

WORKER = """
import asyncio, sys
from services.registry.imports.work import run_next
from shared.database import open_pool

async def work():
    pool = await open_pool(sys.argv[1], application_name="doomed")
    await run_next(pool)

asyncio.run(work())
"""


async def run_doomed_worker(database: Database) -> int:
    """Run one import in a process that is killed right before it commits; return how it ended."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        *("-c", WORKER, database.url("registry")),
        cwd=ROOT,
        env={**os.environ, VARIABLE: "import.before_commit"},
    )
    return await process.wait()


async def test_a_killed_import_leaves_nothing_and_is_done_once_afterwards(
    database: Database, pool: Pool
) -> None:
    command = StartImport(kind="people", file_name="a.csv", content=people(*range(1_500)), by=CLERK)
    async with transaction(pool) as opened:
        import_id = await start_import(opened, command)
        await jobs.confirm(opened, import_id, only_valid=False)
    ended = await run_doomed_worker(database)
    left_behind = await pool.fetchval("select count(*) from person")
    await run_next(pool)
    async with pool.acquire() as connection:
        done = await jobs.get(connection, import_id)

    assert ended == -signal.SIGKILL
    assert left_behind == 0
    assert (done.state, done.new_rows) == ("imported", 1_500)
    assert await pool.fetchval("select count(*) from person") == 1_500
    assert await pool.fetchval("select count(*) from outbox") == 1_500

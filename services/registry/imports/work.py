"""Does the imports that wait: for the worker's timer, and for the operator's command line.

From a program that has a pool of registry's own role, such as `ehrensache import people FILE`:

    done = await import_file(pool, StartImport(kind="people", file_name=…, content=…, by=…), tell)

`tell` is called with the Import after every thousand rows: `job.percent` makes a progress bar. The
result is the Import as it ended (`state`, `new_rows`, `rejected_rows`, `problem` …), and
`findings.listed(pool, done.import_id, None, 100)` says why lines were left out. The worker need not
run; if it does, the two wait for each other.
"""

from typing import Final
from uuid import UUID

from services.registry.imports.commands.start_import import StartImport, start_import
from services.registry.imports.model import MOST_ATTEMPTS, Import
from services.registry.imports.running import Telling, run_through
from services.registry.imports.store import findings, jobs
from shared.database import Pool, transaction

FINDINGS_AT_ONCE: Final = 1_000
GIVEN_UP: Final = (
    "Der Import ist mehrmals durch einen technischen Fehler abgebrochen. Nichts wurde übernommen."
)


async def run_next(pool: Pool) -> int:
    """Run the oldest import that waits, dry run or real; 0 if none does or another is running."""
    async with transaction(pool) as guard:
        if not await jobs.lock_all(guard):
            return 0
        job = await _start_next(pool)
        if job is None:
            return 0
        if job.attempts > MOST_ATTEMPTS:
            await jobs.settle(guard, job.import_id, "failed", GIVEN_UP)
        else:
            await run_through(pool, guard, job, lambda _job: None)
    return 1


async def import_file(
    pool: Pool,
    command: StartImport,
    tell: Telling,
    *,
    is_dry_run: bool = False,
    only_valid: bool = False,
) -> Import:
    """Import a file at once, without the worker, and return the import as it ended.

    A dry run ends as `checked` and can be confirmed in the console.

    Raises:
        FileRefused: one look is enough to see that it is no CSV file.
    """
    async with transaction(pool) as guard:
        await jobs.wait_for_all(guard)
        async with transaction(pool) as opened:
            import_id = await start_import(opened, command)
            if not is_dry_run:
                await jobs.confirm(opened, import_id, only_valid=only_valid)
            job = await jobs.start(opened, import_id)
        await run_through(pool, guard, job, tell)
        return await jobs.get(guard, import_id)


async def forget_old_imports(pool: Pool) -> int:
    """Delete findings and files that nobody needs any more; returns how many, 0 when done."""
    async with transaction(pool) as opened:
        cancelled = await findings.forget_unconfirmed(opened)
        return cancelled + await findings.forget_old(opened, FINDINGS_AT_ONCE)


async def _start_next(pool: Pool) -> Import | None:
    async with transaction(pool) as opened:
        import_id: UUID | None = await jobs.find_next(opened)
        return await jobs.start(opened, import_id) if import_id else None

"""Runs one import through: reads the file, brings its rows in, and takes all back if it must."""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable, Iterator, Mapping
from itertools import islice
from typing import Any, Final

from services.registry import store as registry
from services.registry.columns import Kind
from services.registry.engagements.commands.import_engagements import (
    ImportEngagements,
    import_engagements,
)
from services.registry.findings import Finding, Severity
from services.registry.imports.csv_files import FileRefused
from services.registry.imports.model import Import, LinesRejected, State, Tally
from services.registry.imports.reading import Line, Reading
from services.registry.imports.store import findings, jobs
from services.registry.imports.tables import TABLES
from services.registry.matching import Outcome
from services.registry.organisations.commands.import_organisations import (
    ImportOrganisations,
    import_organisations,
)
from services.registry.people.commands.import_people import ImportPeople, import_people
from shared import audit
from shared.database import Connection, Pool
from shared.failpoints import reached

ROWS_AT_ONCE: Final = 1_000
MOST_FINDINGS: Final = 5_000
"""Of each severity; more are counted but not kept."""

Telling = Callable[[Import], None]
"""Is told of the import after every ROWS_AT_ONCE rows."""

_COMMANDS: Final[Mapping[Kind, tuple[Any, Callable[[Connection, Any], Awaitable[Outcome]]]]] = {
    "organisations": (ImportOrganisations, import_organisations),
    "people": (ImportPeople, import_people),
    "engagements": (ImportEngagements, import_engagements),
}


class ImportCancelled(Exception):
    """Somebody has asked to cancel the import while it ran."""


async def run_through(pool: Pool, guard: Connection, job: Import, tell: Telling) -> None:
    """Check a file, or take it over, and settle the import in the transaction of `guard`.

    Either all rows are written together with the import's end, or none. A file with wrong lines
    is taken over only if that was confirmed. What is written on the way is seen by nobody; only
    the progress is, which goes over another connection of the pool.

    Args:
        pool: for telling progress.
        guard: a transaction that holds `jobs.lock_all`.
        job: was started, see `jobs.start`.
        tell: is told of the progress.
    """
    running = _Running(pool, job, tell)
    state: State = "checked" if job.is_dry_run else "imported"
    problem = ""
    try:
        async with guard.transaction():
            await running.bring_in(guard)
            _demand_all_valid(job, running.tally)
    except ImportCancelled:
        state = "cancelled"
    except (FileRefused, LinesRejected) as refused:
        state, problem = "refused", refused.sentence
    reached("import.before_commit")
    await jobs.tell_progress(guard, job.import_id, running.tally)
    await findings.keep(guard, job.import_id, running.findings)
    await jobs.settle(guard, job.import_id, state, problem)
    if not job.is_dry_run:
        await _note(guard, job, state, running.tally)


class _Running:
    """One pass over a file, with what was counted and found on the way."""

    def __init__(self, pool: Pool, job: Import, tell: Telling) -> None:
        self._pool = pool
        self._job = job
        self._tell = tell
        self._kept: Counter[Severity] = Counter()
        self.tally = Tally(lines=job.lines)
        self.findings: list[Finding] = []

    async def bring_in(self, writing: Connection) -> None:
        """Read all lines and import their rows, so many at once.

        Raises:
            FileRefused: the file as a whole cannot be read.
            ImportCancelled: it is not wanted any more.
        """
        await registry.plan_each_time(writing)
        data = await jobs.content(writing, self._job.import_id)
        today = await jobs.today(writing)
        reading = await asyncio.to_thread(Reading, data, TABLES[self._job.kind], today)
        async with self._pool.acquire() as telling:
            await jobs.describe(telling, self._job.import_id, reading.layout, reading.ignored)
        self.tally.lines = reading.lines
        await self._tell_progress()
        lines = iter(reading)
        while some := list(islice(lines, ROWS_AT_ONCE)):
            await self._import(writing, some)
            await self._tell_progress()
        if not self.tally.lines_done:
            raise FileRefused("Unter der Kopfzeile steht keine einzige Zeile.")
        self.tally.lines_done = self.tally.lines
        await self._tell_progress()

    async def _import(self, writing: Connection, lines: list[Line]) -> None:
        command, import_rows = _COMMANDS[self._job.kind]
        outcome = await import_rows(
            writing,
            command(
                rows={line.number: line.row for line in lines if line.row},
                import_id=self._job.import_id,
                imported_by=self._job.created_by,
                is_dry_run=self._job.is_dry_run,
            ),
        )
        self.tally.lines_done = lines[-1].number
        self.tally.new += outcome.new
        self.tally.changed += outcome.changed
        self.tally.unchanged += outcome.unchanged
        self.tally.rejected += outcome.rejected + sum(line.row is None for line in lines)
        self._keep([*_findings(lines), *outcome.findings])

    def _keep(self, found: list[Finding]) -> None:
        for finding in sorted(found, key=lambda each: each.line):
            self.tally.hints += finding.severity == "hint"
            self._kept[finding.severity] += 1
            if self._kept[finding.severity] <= MOST_FINDINGS:
                self.findings.append(finding)

    async def _tell_progress(self) -> None:
        async with self._pool.acquire() as telling:
            if await jobs.tell_progress(telling, self._job.import_id, self.tally):
                raise ImportCancelled
            self._tell(await jobs.get(telling, self._job.import_id))


def _findings(lines: list[Line]) -> Iterator[Finding]:
    return (finding for line in lines for finding in line.findings)


def _demand_all_valid(job: Import, tally: Tally) -> None:
    if tally.rejected and not job.is_dry_run and not job.only_valid:
        raise LinesRejected(tally.rejected)


async def _note(guard: Connection, job: Import, state: State, tally: Tally) -> None:
    await audit.note(
        guard,
        actor=job.created_by_subject,
        action=f"import_{job.kind}",
        concerns=f"import:{job.import_id}",
        details={
            "state": state,
            "new": tally.new,
            "changed": tally.changed,
            "unchanged": tally.unchanged,
            "rejected": tally.rejected,
        },
    )

"""Note what time brings about: enough people take part, a run has begun, a run is over."""

from datetime import datetime

import msgspec

from services.events.courses.model import CourseRun
from services.events.courses.store import participants, places, run_lists, runs, waiting
from shared import outbox
from shared.contracts.events import CourseRunConfirmed, CourseRunHeld
from shared.database import Connection


class SettleRuns(msgspec.Struct, frozen=True, kw_only=True):
    """How many to look at once; the timer asks again until there is nothing left to do."""

    most: int = 20


async def settle_runs(transaction: Connection, command: SettleRuns, now: datetime) -> int:
    """Confirm runs that have enough people when registration ends, close lists, end runs.

    Where too few have registered, staff decide. The waiting list ends when the run begins. Returns
    how many runs there were something to note of.
    """
    found = await run_lists.to_settle(transaction, now, command.most)
    for run in found:
        if run.times.first_starts_at <= now:
            await _close_list(transaction, run)
        if run.times.last_ends_at <= now:
            version = await runs.set_state(transaction, run.course_run_id, "held")
            fact: CourseRunHeld | CourseRunConfirmed = CourseRunHeld(
                course_run_id=run.course_run_id, version=version
            )
        elif run.state == "open" and await _has_enough(transaction, run, now):
            version = await runs.set_state(transaction, run.course_run_id, "confirmed")
            fact = CourseRunConfirmed(course_run_id=run.course_run_id, version=version)
        else:
            continue
        await outbox.record(transaction, fact)
    return len(found)


async def _has_enough(transaction: Connection, run: CourseRun, now: datetime) -> bool:
    told = await participants.told(transaction, run.course_run_id)
    return run.closes_at <= now and told.registered >= run.minimum


async def _close_list(transaction: Connection, run: CourseRun) -> None:
    await places.lock(transaction, run.course_run_id)
    freed = await waiting.end(transaction, run.course_run_id)
    await places.take(transaction, run.course_run_id, -freed)

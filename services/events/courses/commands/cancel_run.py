"""Staff call a run off; everybody who takes part or waits is told."""

from datetime import datetime
from uuid import UUID

import msgspec

from services.events.courses.commands.keep_in_calendar import KeepInCalendar, keep_in_calendar
from services.events.courses.refusals import StaleVersion, WrongState
from services.events.courses.store import courses, runs
from services.events.keeping import Deed
from services.events.site import Site
from shared import outbox
from shared.contracts.events import CourseRunCancelled
from shared.database import Connection


class CancelRun(msgspec.Struct, frozen=True, kw_only=True):
    """Which run, as staff have seen it."""

    course_run_id: UUID
    version: int
    by: str
    """The name of the member of staff."""


async def cancel_run(
    transaction: Connection, command: CancelRun, site: Site, now: datetime
) -> None:
    """Cancel a run that is announced; it stays visible. Registrations stay as they are.

    Raises:
        RunUnknown: there is no such run.
        StaleVersion: it has changed since.
        WrongState: it is not announced, or is over or cancelled.
    """
    run = await runs.lock(transaction, command.course_run_id)
    if run.version != command.version:
        raise StaleVersion
    if not run.is_live:
        raise WrongState("Nur ein veröffentlichter Durchgang kann abgesagt werden.")
    version = await runs.set_state(transaction, run.course_run_id, "cancelled")
    cancelled = await runs.get(transaction, run.course_run_id)
    course = await courses.get(transaction, run.course_id)
    deed = Deed("cancel_run", command.by)
    await keep_in_calendar(
        transaction, KeepInCalendar(run=cancelled, course=course, deed=deed), site, now
    )
    await outbox.record(
        transaction, CourseRunCancelled(course_run_id=run.course_run_id, version=version)
    )

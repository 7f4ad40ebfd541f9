"""Staff announce a run: it stands on the public pages and in the calendar."""

from datetime import datetime
from uuid import UUID

import msgspec

from services.events.courses.commands.keep_in_calendar import KeepInCalendar, keep_in_calendar
from services.events.courses.refusals import StaleVersion, WrongState
from services.events.courses.store import courses, runs
from services.events.keeping import Deed
from services.events.site import Site
from shared import outbox
from shared.contracts.events import CourseRunOpened
from shared.database import Connection


class OpenRun(msgspec.Struct, frozen=True, kw_only=True):
    """Which run, as staff have seen it."""

    course_run_id: UUID
    version: int
    by: str
    """The name of the member of staff."""


async def open_run(transaction: Connection, command: OpenRun, site: Site, now: datetime) -> None:
    """Open a planned run; one can register from its opening time on.

    Raises:
        RunUnknown: there is no such run.
        StaleVersion: it has changed since.
        WrongState: it was opened before, or is over.
    """
    run = await runs.lock(transaction, command.course_run_id)
    if run.version != command.version:
        raise StaleVersion
    if run.state != "planned":
        raise WrongState("Dieser Durchgang ist schon veröffentlicht.")
    if run.times.first_starts_at <= now:
        raise WrongState("Der erste Tag liegt in der Vergangenheit. Bitte verlegen Sie ihn zuerst.")
    version = await runs.set_state(transaction, run.course_run_id, "open")
    opened = await runs.get(transaction, run.course_run_id)
    course = await courses.get(transaction, run.course_id)
    deed = Deed("open_run", command.by)
    await keep_in_calendar(
        transaction, KeepInCalendar(run=opened, course=course, deed=deed), site, now
    )
    await outbox.record(
        transaction,
        CourseRunOpened(course_run_id=run.course_run_id, version=version, course_id=run.course_id),
    )

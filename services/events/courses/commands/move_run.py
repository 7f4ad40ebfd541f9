"""Staff move a run to another time or place; everybody who takes part or waits is told."""

from datetime import datetime
from uuid import UUID

import msgspec

from services.events.courses.commands.keep_in_calendar import KeepInCalendar, keep_in_calendar
from services.events.courses.model import CourseRun, RunPlace, RunTimes
from services.events.courses.planning import checked_place, checked_times
from services.events.courses.refusals import StaleVersion, WrongState
from services.events.courses.store import courses, runs
from services.events.keeping import Deed
from services.events.site import Site
from shared import outbox
from shared.contracts.events import CourseRunRescheduled
from shared.database import Connection
from shared.errors import Malformed


class MoveRun(msgspec.Struct, frozen=True, kw_only=True):
    """Which run, as staff have seen it, and when and where it is held from now on."""

    course_run_id: UUID
    version: int
    times: RunTimes
    place: RunPlace
    closes_at: datetime
    """The end of registration, which follows the beginning."""
    by: str
    """The name of the member of staff."""


async def move_run(transaction: Connection, command: MoveRun, site: Site, now: datetime) -> None:
    """Move the run; registrations, waiting list and offers stay. The same changes nothing.

    Raises:
        RunUnknown: there is no such run.
        StaleVersion: it has changed since.
        WrongState: it is over or cancelled.
        Malformed: names the first field that makes no sense.
    """
    run = await runs.lock(transaction, command.course_run_id)
    times, place = _checked(run, command, now)
    if (times, place, command.closes_at) == (run.times, run.place, run.closes_at):
        return
    version = await runs.move(transaction, run, times, place, command.closes_at)
    moved = await runs.get(transaction, run.course_run_id)
    course = await courses.get(transaction, run.course_id)
    deed = Deed("move_run", command.by)
    await keep_in_calendar(
        transaction, KeepInCalendar(run=moved, course=course, deed=deed), site, now
    )
    if run.is_public and (times, place) != (run.times, run.place):
        await outbox.record(
            transaction,
            CourseRunRescheduled(
                course_run_id=run.course_run_id,
                version=version,
                previous_starts_at=run.times.first_starts_at,
            ),
        )


def _checked(run: CourseRun, command: MoveRun, now: datetime) -> tuple[RunTimes, RunPlace]:
    if run.version != command.version:
        raise StaleVersion
    if run.state in {"cancelled", "held"}:
        raise WrongState("Dieser Durchgang ist vorbei oder abgesagt.")
    times = checked_times(command.times)
    if times.first_starts_at <= now:
        raise Malformed("Der erste Tag muss in der Zukunft liegen.", "held_on")
    if command.closes_at > times.first_starts_at:
        raise Malformed("Die Anmeldung endet spätestens mit dem Beginn des Kurses.", "closes_at")
    if command.closes_at <= run.opens_at:
        raise Malformed("Das Ende der Anmeldung muss nach ihrem Beginn liegen.", "closes_at")
    return times, checked_place(command.place)

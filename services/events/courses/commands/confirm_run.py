"""Staff decide that a run is held, perhaps with fewer people than planned."""

from uuid import UUID

import msgspec

from services.events.courses.refusals import StaleVersion, WrongState
from services.events.courses.store import runs
from shared import outbox
from shared.contracts.events import CourseRunConfirmed
from shared.database import Connection


class ConfirmRun(msgspec.Struct, frozen=True, kw_only=True):
    """Which run, as staff have seen it."""

    course_run_id: UUID
    version: int


async def confirm_run(transaction: Connection, command: ConfirmRun) -> None:
    """Note that the run is held.

    Raises:
        RunUnknown: there is no such run.
        StaleVersion: it has changed since.
        WrongState: it is not open.
    """
    run = await runs.lock(transaction, command.course_run_id)
    if run.version != command.version:
        raise StaleVersion
    if run.state != "open":
        raise WrongState("Nur ein veröffentlichter Durchgang kann bestätigt werden.")
    version = await runs.set_state(transaction, run.course_run_id, "confirmed")
    await outbox.record(
        transaction, CourseRunConfirmed(course_run_id=run.course_run_id, version=version)
    )

"""Staff note who was there (Anwesenheit)."""

from datetime import datetime
from uuid import UUID

import msgspec

from services.events.courses.refusals import WrongState
from services.events.courses.store import registrations, runs
from shared import outbox
from shared.contracts.events import CourseAttendanceRecorded
from shared.database import Connection


class RecordAttendance(msgspec.Struct, frozen=True, kw_only=True):
    """Who of a run's participants was there; all others who had a place were absent."""

    course_run_id: UUID
    attended: tuple[UUID, ...]


async def record_attendance(
    transaction: Connection, command: RecordAttendance, now: datetime
) -> int:
    """Note it and return of how many something else was noted before; it can be corrected.

    Whoever has asked for a certificate stays among those who were there. Ids that belong to nobody
    with a place count for nothing.

    Raises:
        RunUnknown: there is no such run.
        WrongState: it has not begun, or was cancelled.
    """
    run = await runs.lock(transaction, command.course_run_id)
    if run.state in {"planned", "cancelled"} or now < run.times.first_starts_at:
        raise WrongState("Die Anwesenheit lässt sich eintragen, sobald der Kurs begonnen hat.")
    changed = await registrations.record_attendance(
        transaction, run.course_run_id, command.attended
    )
    were_there = set(command.attended)
    await outbox.record(
        transaction,
        *(
            CourseAttendanceRecorded(
                course_registration_id=registration_id,
                version=version,
                course_run_id=run.course_run_id,
                has_attended=registration_id in were_there,
            )
            for registration_id, version in changed
        ),
    )
    return len(changed)

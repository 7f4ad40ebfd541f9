"""A participant passes the place to somebody else (Ersatzperson)."""

from datetime import datetime
from uuid import UUID

import msgspec

from services.events.courses.line import lock_in_line
from services.events.courses.model import CourseRun
from services.events.courses.refusals import AlreadyRegistered, EachNeedsProof, NotYours, RunBegun
from services.events.courses.store import courses, registrations, runs
from services.events.courses.store.registrations import Applicant
from shared import outbox
from shared.contracts.events import CourseRegistered, ParticipantSubstituted
from shared.database import Connection


class NameSubstitute(msgspec.Struct, frozen=True, kw_only=True):
    """Whose place, of which run, and who takes it over."""

    course_registration_id: UUID
    course_run_id: UUID
    applicant: Applicant


async def name_substitute(transaction: Connection, command: NameSubstitute, now: datetime) -> UUID:
    """Give the place to the other person, with a registration and link of their own; return it.

    The number of places taken stays what it is, and the waiting list does not come into it.

    Raises:
        RegistrationUnknown: there is no such registration.
        RunBegun: the run has begun.
        EachNeedsProof: the course asks for a proof of engagement.
        NotYours: there is no place to pass on, or the run is off.
        AlreadyRegistered: the other address has a registration of this run.
    """
    run = await runs.hold(transaction, command.course_run_id)
    registration = await lock_in_line(
        transaction, run.course_run_id, command.course_registration_id
    )
    if registration.state != "registered" or not run.is_live:
        raise NotYours
    await _require_passable(transaction, run, now)
    substitute_id = await registrations.add_substitute(
        transaction, registration, command.applicant, now
    )
    if substitute_id is None:
        raise AlreadyRegistered
    version = await registrations.set_state(
        transaction, registration.course_registration_id, "substituted", now
    )
    await outbox.record(
        transaction,
        ParticipantSubstituted(
            course_registration_id=registration.course_registration_id,
            version=version,
            course_run_id=run.course_run_id,
            substitute_id=substitute_id,
        ),
        CourseRegistered(
            course_registration_id=substitute_id, version=1, course_run_id=run.course_run_id
        ),
    )
    return substitute_id


async def _require_passable(transaction: Connection, run: CourseRun, now: datetime) -> None:
    if now >= run.times.first_starts_at:
        raise RunBegun
    if (await courses.get(transaction, run.course_id)).needs_proof:
        raise EachNeedsProof

"""Staff have seen that somebody volunteers: the registration counts now."""

from datetime import datetime
from uuid import UUID

import msgspec

from services.events.courses.line import lock_in_line
from services.events.courses.placing import place_or_list
from services.events.courses.refusals import ProofMissing, RunBegun
from services.events.courses.store import desk, runs
from shared.database import Connection


class AcceptProof(msgspec.Struct, frozen=True, kw_only=True):
    """Whose registration, of which run."""

    course_registration_id: UUID
    course_run_id: UUID


async def accept_proof(transaction: Connection, command: AcceptProof, now: datetime) -> None:
    """Give the person a place, or the end of the waiting list.

    Raises:
        RegistrationUnknown: there is no such registration.
        RunBegun: the run has begun.
        ProofMissing: nobody waits for this proof (any more), or the run is off.
    """
    run = await runs.hold(transaction, command.course_run_id)
    registration = await lock_in_line(
        transaction, run.course_run_id, command.course_registration_id
    )
    if registration.state != "proof_pending" or not run.is_live:
        raise ProofMissing
    if now >= run.times.first_starts_at:
        raise RunBegun
    await desk.note_proof(transaction, registration.course_registration_id, now)
    await place_or_list(transaction, registration, now)

"""Staff do not take what somebody has shown as a proof of engagement."""

from uuid import UUID

import msgspec

from services.events.courses.line import lock_in_line
from services.events.courses.refusals import ProofMissing
from services.events.courses.store import desk, runs
from shared import outbox
from shared.contracts.events import CourseRegistrationRefused
from shared.database import Connection


class RefuseProof(msgspec.Struct, frozen=True, kw_only=True):
    """Whose registration, of which run, and why."""

    course_registration_id: UUID
    course_run_id: UUID
    refusal: str
    """For the person; not empty."""


async def refuse_proof(transaction: Connection, command: RefuseProof) -> None:
    """End the registration; the person may register again and show something else.

    Raises:
        RegistrationUnknown: there is no such registration.
        ProofMissing: nobody waits for this proof (any more).
    """
    run = await runs.hold(transaction, command.course_run_id)
    registration = await lock_in_line(
        transaction, run.course_run_id, command.course_registration_id
    )
    if registration.state != "proof_pending":
        raise ProofMissing
    version = await desk.refuse(transaction, registration.course_registration_id, command.refusal)
    await outbox.record(
        transaction,
        CourseRegistrationRefused(
            course_registration_id=registration.course_registration_id,
            version=version,
            course_run_id=run.course_run_id,
        ),
    )

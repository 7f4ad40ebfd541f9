"""Staff register somebody who telephones or comes by, with an e-mail address or without."""

from datetime import datetime
from uuid import UUID

import msgspec

from services.events.courses.placing import await_proof, place_or_list
from services.events.courses.refusals import AlreadyRegistered, RunBegun, WrongState
from services.events.courses.store import courses, desk, registrations, runs
from services.events.courses.store.desk import Caller
from shared.database import Connection


class RegisterParticipant(msgspec.Struct, frozen=True, kw_only=True):
    """For which run, who, and whether staff have seen a proof of engagement."""

    course_run_id: UUID
    caller: Caller
    has_proof: bool


async def register_participant(
    transaction: Connection, command: RegisterParticipant, now: datetime
) -> UUID:
    """Give the person a place or the end of the waiting list, and return the registration.

    Staff may do so from the announcement until the run begins. Who asked for a link before and has
    not used it is confirmed by it. Without an e-mail address nothing is written to the person.

    Raises:
        RunUnknown: there is no such run.
        WrongState: it is not announced, or off.
        RunBegun: it has begun.
        AlreadyRegistered: the address has a registration of this run.
    """
    run = await runs.hold(transaction, command.course_run_id)
    if not run.is_live:
        raise WrongState("Anmelden lässt sich nur für einen veröffentlichten Durchgang.")
    if now >= run.times.first_starts_at:
        raise RunBegun
    registration_id = await desk.add(transaction, run.course_run_id, command.caller)
    if registration_id is None:
        raise AlreadyRegistered
    if command.has_proof:
        await desk.note_proof(transaction, registration_id, now)
    registration = await registrations.lock(transaction, registration_id)
    course = await courses.get(transaction, run.course_id)
    if course.needs_proof and not command.has_proof:
        await await_proof(transaction, registration, now)
    else:
        await place_or_list(transaction, registration, now)
    return registration_id

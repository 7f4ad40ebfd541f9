"""Somebody confirms that they want to take part: a place, the list, or first a proof."""

from datetime import datetime
from uuid import UUID

import msgspec

from services.events.courses.line import lock_in_line
from services.events.courses.model import GAVE_UP, Registration, takes_registrations
from services.events.courses.placing import Take, await_proof, place_or_list
from services.events.courses.refusals import AlreadyRegistered, NotYours, RegistrationClosed
from services.events.courses.store import courses, places, registrations, runs
from shared.database import Connection


class ConfirmRegistration(msgspec.Struct, frozen=True, kw_only=True):
    """Whose registration, of which run."""

    course_registration_id: UUID
    course_run_id: UUID


async def confirm_registration(
    transaction: Connection,
    command: ConfirmRegistration,
    now: datetime,
    *,
    take: Take = places.take,
) -> None:
    """Give the person a place; where none is left, put them at the end of the waiting list.

    Where the course asks for a proof of engagement, the person waits for it first, without a place.
    Those who gave up before may change their minds the same way. Whoever takes part or waits
    already stays where they are. The order of registrations is that of the confirmations.

    Raises:
        RegistrationUnknown: there is no such registration (any more).
        RegistrationClosed: one cannot register now.
        NotYours: the place was passed on, is past, or has changed this moment; or it is erased.
        AlreadyRegistered: the address has another registration by now.
    """
    run = await runs.hold(transaction, command.course_run_id)
    registration = await _lock(transaction, command)
    if registration.state in {"proof_pending", "registered", "waitlisted", "offered"}:
        return
    if registration.state not in GAVE_UP | {"requested"} or not registration.name:
        raise NotYours
    if not takes_registrations(run, now):
        raise RegistrationClosed
    if await registrations.counts_elsewhere(transaction, registration):
        raise AlreadyRegistered
    course = await courses.get(transaction, run.course_id)
    if course.needs_proof and registration.proof_seen_at is None:
        await await_proof(transaction, registration, now)
        return
    await place_or_list(transaction, registration, now, take=take)


async def _lock(transaction: Connection, command: ConfirmRegistration) -> Registration:
    before = await registrations.get(transaction, command.course_registration_id)
    if before.state == "requested":
        locked = await registrations.lock(transaction, command.course_registration_id)
        if locked.state in GAVE_UP:
            # Confirmed and given up while we waited: taking a place now, without the balance,
            # could block those who hold it and wait for this registration.
            raise NotYours
        return locked
    return await lock_in_line(transaction, command.course_run_id, command.course_registration_id)

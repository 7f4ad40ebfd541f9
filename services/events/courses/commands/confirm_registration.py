"""Somebody confirms that they want to take part: a place, or the end of the waiting list."""

from collections.abc import Awaitable, Callable
from datetime import datetime
from uuid import UUID

import msgspec

from services.events.courses.line import lock_in_line
from services.events.courses.model import GAVE_UP, Registration, takes_registrations
from services.events.courses.refusals import AlreadyRegistered, NotYours, RegistrationClosed
from services.events.courses.store import places, registrations, runs
from shared import outbox
from shared.contracts.events import CourseRegistered, CourseWaitlisted
from shared.database import Connection

Take = Callable[[Connection, UUID, int], Awaitable[bool]]


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

    Those who gave up before may change their minds the same way. Whoever takes part or waits
    already stays where they are. The order of registrations is that of the confirmations.

    Raises:
        RegistrationUnknown: there is no such registration (any more).
        RegistrationClosed: one cannot register now.
        NotYours: the place was passed on, or is past.
        AlreadyRegistered: the address has another registration by now.
    """
    run = await runs.hold(transaction, command.course_run_id)
    registration = await _lock(transaction, command)
    if registration.state in {"registered", "waitlisted", "offered"}:
        return
    if registration.state not in GAVE_UP | {"requested"}:
        raise NotYours
    if not takes_registrations(run, now):
        raise RegistrationClosed
    if await registrations.counts_elsewhere(transaction, registration):
        raise AlreadyRegistered
    has_place = await take(transaction, run.course_run_id, 1)
    if not has_place:
        # It looked full. Stand in line and look again: then it is certain, for nobody can free or
        # take a place, or join the list, before this transaction ends.
        await places.lock(transaction, run.course_run_id)
        has_place = await take(transaction, run.course_run_id, 1)
    await _keep(transaction, registration, now, has_place=has_place)


async def _lock(transaction: Connection, command: ConfirmRegistration) -> Registration:
    before = await registrations.get(transaction, command.course_registration_id)
    if before.state == "requested":
        return await registrations.lock(transaction, command.course_registration_id)
    return await lock_in_line(transaction, command.course_run_id, command.course_registration_id)


async def _keep(
    transaction: Connection, registration: Registration, now: datetime, *, has_place: bool
) -> None:
    told = CourseRegistered if has_place else CourseWaitlisted
    version = await registrations.set_state(
        transaction,
        registration.course_registration_id,
        "registered" if has_place else "waitlisted",
        now,
    )
    await outbox.record(
        transaction,
        told(
            course_registration_id=registration.course_registration_id,
            version=version,
            course_run_id=registration.course_run_id,
        ),
    )

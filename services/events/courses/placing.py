"""Gives somebody a place or the end of the waiting list, or lets them wait for their proof."""

from collections.abc import Awaitable, Callable
from datetime import datetime
from uuid import UUID

from services.events.courses.model import Registration
from services.events.courses.store import places, registrations
from shared import outbox
from shared.contracts.events import CourseProofAwaited, CourseRegistered, CourseWaitlisted
from shared.database import Connection

Take = Callable[[Connection, UUID, int], Awaitable[bool]]


async def place_or_list(
    transaction: Connection, registration: Registration, now: datetime, *, take: Take = places.take
) -> None:
    """Give a locked registration a place; where none is left, put it at the end of the list."""
    has_place = await take(transaction, registration.course_run_id, 1)
    if not has_place:
        # It looked full. Stand in line and look again: then it is certain, for nobody can free or
        # take a place, or join the list, before this transaction ends.
        await places.lock(transaction, registration.course_run_id)
        has_place = await take(transaction, registration.course_run_id, 1)
    told = CourseRegistered if has_place else CourseWaitlisted
    version = await registrations.set_state(
        transaction,
        registration.course_registration_id,
        "registered" if has_place else "waitlisted",
        now,
    )
    await _tell(transaction, told, registration, version)


async def await_proof(transaction: Connection, registration: Registration, now: datetime) -> None:
    """Let a locked registration wait until staff have seen a proof; it holds no place."""
    version = await registrations.set_state(
        transaction, registration.course_registration_id, "proof_pending", now
    )
    await _tell(transaction, CourseProofAwaited, registration, version)


async def _tell(
    transaction: Connection,
    told: type[CourseRegistered | CourseWaitlisted | CourseProofAwaited],
    registration: Registration,
    version: int,
) -> None:
    await outbox.record(
        transaction,
        told(
            course_registration_id=registration.course_registration_id,
            version=version,
            course_run_id=registration.course_run_id,
        ),
    )

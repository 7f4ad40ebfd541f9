"""Locks a registration in the one order in which nobody waits for each other in a ring."""

from uuid import UUID

from services.events.courses.model import Registration
from services.events.courses.refusals import NotYours
from services.events.courses.store import places, registrations
from shared.database import Connection


async def lock_in_line(
    transaction: Connection, course_run_id: UUID, course_registration_id: UUID
) -> Registration:
    """Lock the run's balance of places and then a registration that was confirmed before.

    A first confirmation goes the other way round, so that the balance is held for a moment only:
    it locks its registration and takes a place last. Therefore nobody may hold the balance and
    wait for a registration that is not confirmed; and none goes back to that state.

    Raises:
        RegistrationUnknown: there is no such registration.
        NotYours: it is not confirmed yet.
    """
    if (await registrations.get(transaction, course_registration_id)).state == "requested":
        raise NotYours
    await places.lock(transaction, course_run_id)
    return await registrations.lock(transaction, course_registration_id)

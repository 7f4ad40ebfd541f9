"""A participant withdraws (Abmeldung), in time or late; the place goes to the next in line."""

from datetime import datetime
from uuid import UUID

import msgspec

from services.events.courses.commands.offer_places import OfferPlaces, offer_places
from services.events.courses.line import lock_in_line
from services.events.courses.model import RegistrationState, cancelled_at
from services.events.courses.refusals import NotYours, RunBegun
from services.events.courses.store import places, registrations, runs
from shared import outbox
from shared.contracts.events import CourseRegistrationCancelled
from shared.database import Connection


class CancelRegistration(msgspec.Struct, frozen=True, kw_only=True):
    """Whose registration, of which run."""

    course_registration_id: UUID
    course_run_id: UUID


async def cancel_registration(
    transaction: Connection, command: CancelRegistration, now: datetime
) -> RegistrationState:
    """End the registration, free its place, offer it to the next; return in time or late.

    A second time changes nothing.

    Raises:
        RegistrationUnknown: there is no such registration.
        RunBegun: the run has begun; staying away is no cancellation.
        NotYours: there is no place to give back, or the run is off.
    """
    run = await runs.hold(transaction, command.course_run_id)
    registration = await lock_in_line(
        transaction, run.course_run_id, command.course_registration_id
    )
    if registration.state in {"cancelled_in_time", "cancelled_late"}:
        return registration.state
    if registration.state != "registered" or not run.is_live:
        raise NotYours
    if now >= run.times.first_starts_at:
        raise RunBegun
    state = cancelled_at(run, now)
    version = await registrations.set_state(
        transaction, registration.course_registration_id, state, now
    )
    await outbox.record(
        transaction,
        CourseRegistrationCancelled(
            course_registration_id=registration.course_registration_id,
            version=version,
            course_run_id=run.course_run_id,
            is_in_time=state == "cancelled_in_time",
        ),
    )
    await places.take(transaction, run.course_run_id, -1)
    await offer_places(transaction, OfferPlaces(run=run), now)
    return state

"""Somebody who has waited takes the place that is held for them."""

from datetime import datetime
from uuid import UUID

import msgspec

from services.events.courses.line import lock_in_line
from services.events.courses.refusals import NotYours, OfferLapsed
from services.events.courses.store import registrations, runs
from shared import outbox
from shared.contracts.events import CourseRegistered
from shared.database import Connection


class AcceptOffer(msgspec.Struct, frozen=True, kw_only=True):
    """Whose offer, of which run."""

    course_registration_id: UUID
    course_run_id: UUID


async def accept_offer(transaction: Connection, command: AcceptOffer, now: datetime) -> None:
    """Turn the offer into a registration; the place is held for it already.

    A second time changes nothing.

    Raises:
        RegistrationUnknown: there is no such registration.
        OfferLapsed: the offer's deadline has passed, even if nobody has worked that off yet.
        NotYours: no place is offered, or the run is off.
    """
    run = await runs.hold(transaction, command.course_run_id)
    registration = await lock_in_line(
        transaction, run.course_run_id, command.course_registration_id
    )
    if registration.state == "registered":
        return
    if registration.state == "lapsed":
        raise OfferLapsed
    if registration.state != "offered" or registration.offered_until is None or not run.is_live:
        raise NotYours
    if registration.offered_until <= now:
        raise OfferLapsed
    version = await registrations.set_state(
        transaction, registration.course_registration_id, "registered", now
    )
    await outbox.record(
        transaction,
        CourseRegistered(
            course_registration_id=registration.course_registration_id,
            version=version,
            course_run_id=run.course_run_id,
        ),
    )

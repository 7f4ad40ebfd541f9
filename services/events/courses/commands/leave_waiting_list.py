"""Somebody waits no longer, or declines the place that was offered."""

from datetime import datetime
from uuid import UUID

import msgspec

from services.events.courses.commands.offer_places import OfferPlaces, offer_places
from services.events.courses.line import lock_in_line
from services.events.courses.model import IN_QUEUE
from services.events.courses.refusals import NotYours
from services.events.courses.store import places, registrations, runs
from shared import outbox
from shared.contracts.events import CourseWaitingListLeft
from shared.database import Connection


class LeaveWaitingList(msgspec.Struct, frozen=True, kw_only=True):
    """Whose registration, of which run."""

    course_registration_id: UUID
    course_run_id: UUID


async def leave_waiting_list(
    transaction: Connection, command: LeaveWaitingList, now: datetime
) -> None:
    """Take the person off the list, or out of the wait for a proof.

    A place that was held for them is offered to the next.

    A second time changes nothing.

    Raises:
        RegistrationUnknown: there is no such registration.
        NotYours: the person does not wait.
    """
    run = await runs.hold(transaction, command.course_run_id)
    registration = await lock_in_line(
        transaction, run.course_run_id, command.course_registration_id
    )
    if registration.state == "left":
        return
    if registration.state not in IN_QUEUE | {"proof_pending"}:
        raise NotYours
    version = await registrations.set_state(
        transaction, registration.course_registration_id, "left", now
    )
    await outbox.record(
        transaction,
        CourseWaitingListLeft(
            course_registration_id=registration.course_registration_id,
            version=version,
            course_run_id=run.course_run_id,
        ),
    )
    if registration.state == "offered":
        await places.take(transaction, run.course_run_id, -1)
        await offer_places(transaction, OfferPlaces(run=run), now)

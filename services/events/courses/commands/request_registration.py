"""Somebody wants to take part: a link goes to the address, and nothing is decided yet."""

from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

import msgspec

from services.events.courses.model import takes_registrations
from services.events.courses.refusals import RegistrationClosed, RunUnknown
from services.events.courses.store import registrations, runs
from services.events.courses.store.registrations import Applicant
from shared import outbox
from shared.contracts.events import CourseRegistrationRequested
from shared.database import Connection

PAUSE: Final = timedelta(minutes=10)
"""How long an address gets no second link for the same run, whoever asks and however often."""


class RequestRegistration(msgspec.Struct, frozen=True, kw_only=True):
    """For which run, and who."""

    course_run_id: UUID
    applicant: Applicant


async def request_registration(
    transaction: Connection, command: RequestRegistration, now: datetime
) -> None:
    """Keep what was typed and have a link sent, with which the person confirms.

    No place is held until then, so that made-up addresses cannot block any. An address that has a
    registration gets a link to it instead of a second one, and whoever asks is told the same either
    way: nobody learns here who takes part.

    Raises:
        RunUnknown: there is no such run, or it is not announced.
        RegistrationClosed: one cannot register now.
    """
    run = await runs.hold(transaction, command.course_run_id)
    if not run.is_public:
        raise RunUnknown
    if not takes_registrations(run, now):
        raise RegistrationClosed
    version = 1
    registration_id = await registrations.add_requested(
        transaction, run.course_run_id, command.applicant
    )
    if registration_id is None:
        known = await registrations.find_counting(
            transaction, run.course_run_id, command.applicant.email
        )
        if known is None or now - known.linked_at < PAUSE:
            return
        registration_id = known.course_registration_id
        version = await registrations.note_link(transaction, registration_id, now)
    await outbox.record(
        transaction,
        CourseRegistrationRequested(
            course_registration_id=registration_id,
            version=version,
            course_run_id=run.course_run_id,
        ),
    )

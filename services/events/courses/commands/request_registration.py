"""Somebody wants to take part: a link goes to the address, and nothing is decided yet."""

from datetime import datetime
from uuid import UUID

import msgspec

from services.events.courses.links import PAUSE
from services.events.courses.model import takes_registrations
from services.events.courses.refusals import RegistrationClosed, RunUnknown
from services.events.courses.store import links, registrations, runs
from services.events.courses.store.registrations import Applicant
from shared import outbox
from shared.contracts.events import CourseRegistrationRequested
from shared.database import Connection


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
    added = await registrations.add_requested(transaction, run.course_run_id, command.applicant)
    linked = (added, 1) if added else await _link_again(transaction, command, now)
    if linked is None:
        return
    registration_id, version = linked
    await outbox.record(
        transaction,
        CourseRegistrationRequested(
            course_registration_id=registration_id,
            version=version,
            course_run_id=run.course_run_id,
        ),
    )


async def _link_again(
    transaction: Connection, command: RequestRegistration, now: datetime
) -> tuple[UUID, int] | None:
    """Return whose link is sent once more, with the new version; None if it was sent just now."""
    known = await registrations.find_counting(
        transaction, command.course_run_id, command.applicant.email
    )
    if known is None:
        return None
    registration_id = known.course_registration_id
    await registrations.rename_unconfirmed(transaction, registration_id, command.applicant)
    if now - known.linked_at < PAUSE:
        return None
    return registration_id, await links.note_link(transaction, registration_id, now)

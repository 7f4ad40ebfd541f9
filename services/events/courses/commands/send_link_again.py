"""Somebody has lost the link to their registration."""

from datetime import datetime
from uuid import UUID

import msgspec

from services.events.courses.links import PAUSE
from services.events.courses.refusals import RunUnknown
from services.events.courses.store import links, runs
from shared import outbox
from shared.contracts.events import CourseRegistrationRequested
from shared.database import Connection


class SendLinkAgain(msgspec.Struct, frozen=True):
    """For which run, and to which address."""

    course_run_id: UUID
    email: str


async def send_link_again(transaction: Connection, command: SendLinkAgain, now: datetime) -> None:
    """Have a link sent to the address if it has a registration, at most every ten minutes.

    Also after the run, as long as the registration's data is kept. Whoever asks is told the same
    either way.

    Raises:
        RunUnknown: there is no such run, or it is not announced.
    """
    run = await runs.hold(transaction, command.course_run_id)
    if not run.is_public:
        raise RunUnknown
    lost = await links.newest_of_address(transaction, run.course_run_id, command.email)
    if lost is None or now - lost.linked_at < PAUSE:
        return
    version = await links.note_link(transaction, lost.course_registration_id, now)
    await outbox.record(
        transaction,
        CourseRegistrationRequested(
            course_registration_id=lost.course_registration_id,
            version=version,
            course_run_id=run.course_run_id,
        ),
    )

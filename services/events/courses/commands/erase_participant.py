"""Somebody wants to be forgotten before the kept time ends (Löschung)."""

from datetime import datetime
from uuid import UUID

import msgspec

from services.events.courses.commands.cancel_registration import (
    CancelRegistration,
    cancel_registration,
)
from services.events.courses.commands.leave_waiting_list import (
    LeaveWaitingList,
    leave_waiting_list,
)
from services.events.courses.model import IN_QUEUE
from services.events.courses.refusals import StaleVersion
from services.events.courses.store import links, registrations, runs
from shared.database import Connection


class EraseParticipant(msgspec.Struct, frozen=True, kw_only=True):
    """Whose registration, of which run."""

    course_registration_id: UUID
    course_run_id: UUID


async def erase_participant(
    transaction: Connection, command: EraseParticipant, now: datetime
) -> None:
    """Erase name, addresses and links; a place that is still to be used goes to the next in line.

    What stays says that somebody registered, withdrew, was there or not, and nobody who. A request
    that was never confirmed is deleted. A second time changes nothing.

    Raises:
        RegistrationUnknown: there is no such registration.
        StaleVersion: it was confirmed at this very moment.
    """
    run = await runs.hold(transaction, command.course_run_id)
    before = await registrations.get(transaction, command.course_registration_id)
    if before.state == "requested":
        if not await links.delete_unconfirmed(transaction, command.course_registration_id):
            # It was confirmed this moment, and is locked by us now: whoever goes on to the balance
            # from here could block those who hold it and wait for this registration.
            raise StaleVersion
        return
    about = {
        "course_registration_id": command.course_registration_id,
        "course_run_id": command.course_run_id,
    }
    if run.is_live and now < run.times.first_starts_at:
        if before.state == "registered":
            await cancel_registration(transaction, CancelRegistration(**about), now)
        elif before.state in IN_QUEUE | {"proof_pending"}:
            await leave_waiting_list(transaction, LeaveWaitingList(**about), now)
    await links.erase_participant(transaction, command.course_registration_id, now)

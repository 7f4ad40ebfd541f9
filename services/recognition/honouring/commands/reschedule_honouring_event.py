"""Move an honouring event to another time, perhaps to another hall (Verlegung)."""

from datetime import date
from uuid import UUID

import msgspec

from services.recognition.honouring.links import GRACE
from services.recognition.honouring.model import HonouringEvent, end_of_day
from services.recognition.honouring.planning import (
    ChangedMeanwhile,
    EventIsOver,
    Programme,
    Schedule,
    check_deadlines,
    check_programme,
    check_schedule,
    demand_sound,
    same_schedule,
)
from services.recognition.honouring.store import events, requests, waves
from shared import outbox
from shared.contracts.recognition import HonouringEventRescheduled, NominationRequestChanged
from shared.database import Connection
from shared.errors import Malformed


class NothingMoved(Malformed):
    """The new time is the old one."""

    def __init__(self) -> None:
        super().__init__(
            "Das ist die bisherige Zeit. Einen anderen Saal tragen Sie unter „Bearbeiten“ ein.",
            "starts_at",
        )


class RescheduleHonouringEvent(msgspec.Struct, frozen=True, kw_only=True):
    """When and where it will be instead."""

    honouring_event_id: UUID
    version: int
    """The version that the person saw."""
    programme: Programme
    schedule: Schedule
    answer_by_on: date
    """Until then guests can answer anew, also those who have answered."""


async def reschedule_honouring_event(
    transaction: Connection, command: RescheduleHonouringEvent
) -> None:
    """Store the new time and say so; answers stay, and every guest can change them again.

    Associations that are still asked for proposals are told the new time.

    Links in the guests' hands keep working until after the new time.

    Raises:
        EventIsOver, ChangedMeanwhile, NothingMoved: it cannot be moved like that.
        PlanUnsound: names the fields that contradict each other.
    """
    before = await events.lock(transaction, command.honouring_event_id)
    if before.is_over:
        raise EventIsOver
    if before.version != command.version:
        raise ChangedMeanwhile
    if same_schedule(before, command.schedule):
        raise NothingMoved
    schedule = command.schedule
    demand_sound(
        check_programme(command.programme),
        check_schedule(schedule, await events.clock(transaction)),
        check_deadlines(before.nominate_by_on, command.answer_by_on, schedule.starts_at),
    )
    await events.move(transaction, before.honouring_event_id, command.programme, schedule)
    await events.postpone_answers(
        transaction,
        before.honouring_event_id,
        command.answer_by_on,
        end_of_day(command.answer_by_on, schedule.zone),
    )
    after = await events.get(transaction, before.honouring_event_id)
    await waves.extend_links(transaction, after.honouring_event_id, after.ends + GRACE)
    fact = HonouringEventRescheduled(
        version=after.version, previous_starts_at=before.starts, **after.announced
    )
    await outbox.record(transaction, fact)
    await _tell_associations(transaction, after)


async def _tell_associations(transaction: Connection, event: HonouringEvent) -> None:
    """Tell the associations that are still asked for proposals."""
    if event.phase != "nomination_open":
        return
    asked = await requests.next_version(transaction, event.honouring_event_id)
    await outbox.record(transaction, *(NominationRequestChanged(**one.told) for one in asked))

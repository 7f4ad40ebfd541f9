"""Plan an honouring event: from now on it stands in the public calendar."""

from uuid import UUID

import msgspec

from services.recognition.honouring.planning import (
    Capacities,
    Programme,
    Schedule,
    Terms,
    check_capacities,
    check_deadlines,
    check_programme,
    check_schedule,
    demand_sound,
)
from services.recognition.honouring.store import events, places
from shared import outbox
from shared.contracts.recognition import HonouringEventPlanned
from shared.database import Connection


class PlanHonouringEvent(msgspec.Struct, frozen=True, kw_only=True):
    """Everything that has to be known before anybody can be proposed."""

    programme: Programme
    schedule: Schedule
    terms: Terms
    capacities: Capacities


async def plan_honouring_event(transaction: Connection, command: PlanHonouringEvent) -> UUID:
    """Add the honouring event and say so; returns its id.

    Raises:
        PlanUnsound: names the fields that contradict each other.
    """
    demand_sound(
        check_programme(command.programme),
        check_schedule(command.schedule, await events.clock(transaction)),
        check_deadlines(
            command.terms.nominate_by_on, command.terms.answer_by_on, command.schedule.starts_at
        ),
        check_capacities(command.capacities),
    )
    honouring_event_id = await events.add(
        transaction, command.programme, command.schedule, command.terms
    )
    await places.provide(transaction, honouring_event_id, command.capacities.as_places)
    planned = await events.get(transaction, honouring_event_id)
    await outbox.record(
        transaction, HonouringEventPlanned(version=planned.version, **planned.announced)
    )
    return honouring_event_id

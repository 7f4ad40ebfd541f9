"""Change what is on, the deadlines or the number of places of an honouring event."""

from uuid import UUID

import msgspec

from services.recognition.honouring.commands.offer_replacement import (
    OfferReplacement,
    offer_replacement,
)
from services.recognition.honouring.model import HonouringEvent, Places
from services.recognition.honouring.nomination import association_links_end_at, reminder_due
from services.recognition.honouring.planning import (
    Capacities,
    ChangedMeanwhile,
    EventIsOver,
    Programme,
    Terms,
    check_capacities,
    check_deadlines,
    check_programme,
    demand_sound,
)
from services.recognition.honouring.store import events, places, quotas, requests
from shared import outbox
from shared.contracts.recognition import HonouringEventChanged, NominationRequestChanged
from shared.database import Connection
from shared.errors import Malformed


class CapacityBelowTaken(Malformed):
    """More places are promised to guests than there would be."""

    def __init__(self, taken: Places, capacities: Places) -> None:
        over = {
            name: count
            for name, count in msgspec.structs.asdict(taken).items()
            if count > getattr(capacities, name)
        }
        field, count = next(iter(over.items()), ("volunteer", 0))
        super().__init__(f"Davon sind schon {count} Plätze vergeben.", field)


class ChangeHonouringEvent(msgspec.Struct, frozen=True, kw_only=True):
    """What it shall be like from now on; the time is changed by rescheduling."""

    honouring_event_id: UUID
    version: int
    """The version that the person saw."""
    programme: Programme
    terms: Terms
    capacities: Capacities


async def change_honouring_event(transaction: Connection, command: ChangeHonouringEvent) -> None:
    """Store the change; say so if it concerns what the public can see.

    Places that are added go to those who wait for them. A new deadline for proposals also holds
    for links that associations already have; who is still asked is told of it, and of another
    hall. Waves that went out keep their deadline.

    Raises:
        ChangedMeanwhile: the person saw an older version.
        CapacityBelowTaken: more places are taken than there would be.
        PlanUnsound: names the fields that contradict each other.
    """
    before = await events.lock(transaction, command.honouring_event_id)
    if before.is_over:
        raise EventIsOver
    if before.version != command.version:
        raise ChangedMeanwhile
    demand_sound(
        check_programme(command.programme),
        check_deadlines(command.terms.nominate_by_on, command.terms.answer_by_on, before.starts_at),
        check_capacities(command.capacities),
    )
    await events.change(transaction, before.honouring_event_id, command.programme, command.terms)
    after = await events.get(transaction, before.honouring_event_id)
    await quotas.extend_links(
        transaction, after.honouring_event_id, association_links_end_at(after.nominate_by)
    )
    if before.announced != after.announced:
        fact = HonouringEventChanged(version=after.version, **after.announced)
        await outbox.record(transaction, fact)
    if after.phase == "nomination_open" and _told(before) != _told(after):
        await _ask_anew(transaction, after)
    await _resize(transaction, after.honouring_event_id, command.capacities.as_places)
    await offer_replacement(
        transaction, OfferReplacement(honouring_event_id=after.honouring_event_id)
    )


async def _ask_anew(transaction: Connection, event: HonouringEvent) -> None:
    """Tell the associations that are asked, and remind them before the deadline that holds now."""
    asked = await requests.next_version(transaction, event.honouring_event_id)
    until = event.nominate_by
    due = [(one.nomination_request_id, reminder_due(one.asked_at, until)) for one in asked]
    await requests.set_reminders(transaction, due)
    await outbox.record(transaction, *(NominationRequestChanged(**one.told) for one in asked))


def _told(event: HonouringEvent) -> tuple[object, ...]:
    """Return what an association was told, besides the time, and plans by."""
    return (event.title, event.venue_name, event.venue_address, event.nominate_by_on)


async def _resize(transaction: Connection, honouring_event_id: UUID, capacities: Places) -> None:
    if not await places.resize(transaction, honouring_event_id, capacities):
        balance = await places.balance(transaction, honouring_event_id)
        raise CapacityBelowTaken(balance.taken, capacities)

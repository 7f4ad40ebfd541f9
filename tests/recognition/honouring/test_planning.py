"""An honouring event is planned, changed, moved and cancelled, and says so."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID, uuid4

import msgspec
import pytest

from services.recognition.honouring.commands.cancel_honouring_event import (
    CancelHonouringEvent,
    cancel_honouring_event,
)
from services.recognition.honouring.commands.change_honouring_event import (
    CapacityBelowTaken,
    ChangeHonouringEvent,
    change_honouring_event,
)
from services.recognition.honouring.commands.conclude_honouring_event import (
    ConcludeHonouringEvent,
    conclude_honouring_event,
)
from services.recognition.honouring.commands.give_links import GiveLinks, give_links
from services.recognition.honouring.commands.invite_organisations import (
    InviteOrganisations,
    invite_organisations,
)
from services.recognition.honouring.commands.plan_honouring_event import plan_honouring_event
from services.recognition.honouring.commands.reschedule_honouring_event import (
    NothingMoved,
    RescheduleHonouringEvent,
    reschedule_honouring_event,
)
from services.recognition.honouring.model import Party, Places
from services.recognition.honouring.planning import (
    ChangedMeanwhile,
    EventIsOver,
    PhaseForbids,
    PlanUnsound,
    Programme,
    Schedule,
)
from services.recognition.honouring.store import events, places, waves
from services.recognition.honouring.store.events import HonouringEventUnknown
from services.recognition.honouring.tickets import ticket_keys
from shared.contracts.recognition import (
    HonouringEventCancelled,
    HonouringEventChanged,
    HonouringEventPlanned,
    HonouringEventRescheduled,
)
from shared.database import Connection
from tests.recognition.honouring import builders as a
from tests.recognition.honouring.guests import guests, says, states
from tests.recognition.honouring.settings import ticket_key

KEYS = ticket_keys(ticket_key())


BERLIN_OFFSET = timedelta(hours=1)


async def change(transaction: Connection, event_id: UUID, **wishes: object) -> None:
    event = await events.get(transaction, event_id)
    command = ChangeHonouringEvent(
        honouring_event_id=event_id,
        version=event.version,
        programme=a.programme(),
        terms=a.terms(),
        capacities=a.capacities(),
    )
    await change_honouring_event(transaction, msgspec.structs.replace(command, **wishes))


async def reschedule(transaction: Connection, event_id: UUID, **wishes: object) -> None:
    event = await events.get(transaction, event_id)
    command = RescheduleHonouringEvent(
        honouring_event_id=event_id,
        version=event.version,
        programme=a.programme(),
        schedule=a.schedule(a.STARTS_AT + timedelta(days=14)),
        answer_by_on=a.ANSWER_BY_ON + timedelta(days=14),
    )
    await reschedule_honouring_event(transaction, msgspec.structs.replace(command, **wishes))


async def test_a_planned_concert_is_announced_with_the_instant_its_hall_clock_means(
    transaction: Connection,
) -> None:
    event_id = await plan_honouring_event(transaction, a.plan())

    (fact,) = await a.facts(transaction, HonouringEventPlanned)
    assert isinstance(fact, HonouringEventPlanned)
    assert fact.honouring_event_id == event_id
    assert fact.starts_at.utcoffset() == BERLIN_OFFSET
    assert fact.starts_at.replace(tzinfo=None) == a.STARTS_AT


async def test_a_new_concert_has_all_its_places_free(transaction: Connection) -> None:
    event_id = await a.planned(transaction)

    balance = await places.balance(transaction, event_id)
    assert balance.left == Places(volunteer=10, protocol=4, standard=14, wheelchair=2, companion=2)


@dataclass
class Mistake:
    """A plan that is wrong in one field."""

    field: str
    wishes: dict[str, object]


MISTAKES = [
    Mistake("title", {"programme": a.programme(title="  ")}),
    Mistake(
        "venue_name",
        {"programme": Programme(title="T", programme="", venue_name="", venue_address="")},
    ),
    Mistake("starts_at", {"schedule": a.schedule(datetime(2020, 1, 4, 19, 0))}),  # noqa: DTZ001
    Mistake("ends_at", {"schedule": msgspec.structs.replace(a.schedule(), ends_at=a.STARTS_AT)}),
    Mistake(
        "ends_at",
        {
            "schedule": msgspec.structs.replace(
                a.schedule(), ends_at=a.STARTS_AT + timedelta(days=3)
            )
        },
    ),
    Mistake(
        "doors_open_at",
        {
            "schedule": msgspec.structs.replace(
                a.schedule(), doors_open_at=a.STARTS_AT + timedelta(minutes=1)
            )
        },
    ),
    Mistake("zone", {"schedule": msgspec.structs.replace(a.schedule(), zone="Europe/Dresden")}),
    Mistake(
        "answer_by_on",
        {"terms": msgspec.structs.replace(a.terms(), answer_by_on=a.STARTS_AT.date())},
    ),
    Mistake(
        "nominate_by_on",
        {"terms": msgspec.structs.replace(a.terms(), nominate_by_on=a.ANSWER_BY_ON)},
    ),
    Mistake("volunteer", {"capacities": a.capacities(volunteer=0, protocol=0)}),
    Mistake("volunteer", {"capacities": a.capacities(volunteer=50, standard=40)}),
]


@pytest.mark.parametrize("mistake", MISTAKES)
async def test_a_plan_that_contradicts_itself_is_refused_with_the_field(
    transaction: Connection, mistake: Mistake
) -> None:
    plan = msgspec.structs.replace(a.plan(), **mistake.wishes)

    with pytest.raises(PlanUnsound) as refusal:
        await plan_honouring_event(transaction, plan)
    assert mistake.field in refusal.value.problems


async def test_all_mistakes_are_told_at_once(transaction: Connection) -> None:
    plan = msgspec.structs.replace(
        a.plan(),
        programme=a.programme(title=""),
        capacities=a.capacities(volunteer=0, protocol=0),
    )

    with pytest.raises(PlanUnsound) as refusal:
        await plan_honouring_event(transaction, plan)
    assert set(refusal.value.problems) == {"title", "volunteer"}


async def test_another_title_is_announced(transaction: Connection) -> None:
    event_id = await a.planned(transaction)

    await change(transaction, event_id, programme=a.programme("Dank und Musik"))

    (fact,) = await a.facts(transaction, HonouringEventChanged)
    assert isinstance(fact, HonouringEventChanged)
    assert (fact.title, fact.version) == ("Dank und Musik", 2)


async def test_other_deadlines_are_nobody_elses_business(transaction: Connection) -> None:
    event_id = await a.planned(transaction)

    await change(transaction, event_id, terms=a.terms(most_seats=1))

    assert not await a.facts(transaction, HonouringEventChanged)
    assert (await events.get(transaction, event_id)).most_seats == 1


async def test_a_change_made_on_an_old_version_is_refused(transaction: Connection) -> None:
    event_id = await a.planned(transaction)
    await change(transaction, event_id)

    with pytest.raises(ChangedMeanwhile):
        await change(transaction, event_id, version=1)


async def test_promised_places_cannot_be_planned_away(transaction: Connection) -> None:
    event_id = await a.planned(transaction)
    party = Party(seats=2, needs_wheelchair=True, with_access_companion=True)
    await places.take(transaction, event_id, party.places("volunteer"))

    with pytest.raises(CapacityBelowTaken) as refusal:
        await change(transaction, event_id, capacities=a.capacities(wheelchair=0, standard=20))
    assert refusal.value.field == "wheelchair"


async def test_more_places_can_be_planned_than_before(transaction: Connection) -> None:
    event_id = await a.planned(transaction)

    await change(transaction, event_id, capacities=a.capacities(volunteer=30))

    assert (await places.balance(transaction, event_id)).left.volunteer == 30


async def test_a_moved_concert_tells_its_old_and_its_new_time(transaction: Connection) -> None:
    event_id = await a.planned(transaction)

    await reschedule(transaction, event_id)

    (fact,) = await a.facts(transaction, HonouringEventRescheduled)
    assert isinstance(fact, HonouringEventRescheduled)
    assert fact.starts_at - fact.previous_starts_at == timedelta(days=14)


async def test_guests_of_a_moved_concert_get_a_new_deadline(transaction: Connection) -> None:
    event_id, _ = await a.invited(transaction, 1)

    await reschedule(transaction, event_id, answer_by_on=date(2031, 1, 20))

    (wave,) = await waves.listed(transaction, event_id)
    assert wave.answer_by.date() == date(2031, 1, 20)


async def test_links_of_a_moved_concert_work_until_it_is_over(transaction: Connection) -> None:
    event_id, _ = await a.invited(transaction, 1)
    invitation_id = await transaction.fetchval("select invitation_id from invitation")
    await give_links(transaction, GiveLinks(invitation_ids=(invitation_id,), keys=KEYS))

    await reschedule(transaction, event_id)

    expires_at = await transaction.fetchval("select min(expires_at) from capability_link")
    assert expires_at > (await events.get(transaction, event_id)).ends


async def test_a_later_deadline_holds_for_links_that_associations_have(
    transaction: Connection,
) -> None:
    event_id = await a.opened(transaction)
    await a.association(transaction, quota=(event_id, 3))
    await invite_organisations(transaction, InviteOrganisations(honouring_event_id=event_id))
    later = a.NOMINATE_BY_ON + timedelta(days=20)

    await change(
        transaction, event_id, terms=msgspec.structs.replace(a.terms(), nominate_by_on=later)
    )

    expires_at = await transaction.fetchval("select expires_at from capability_link")
    assert expires_at.date() == later + timedelta(days=30)


async def test_added_places_go_to_those_who_wait(transaction: Connection) -> None:
    event_id, (first, second) = await guests(transaction, 2, seats=1)
    await says(transaction, first, 1)
    await says(transaction, second, 1)
    assert await states(transaction, event_id) == ["accepted", "waitlisted"]

    await change(transaction, event_id, capacities=a.capacities(volunteer=2, protocol=0))

    assert await states(transaction, event_id) == ["accepted", "offered"]


async def test_a_concert_cannot_be_moved_to_the_time_it_has(transaction: Connection) -> None:
    event_id = await a.planned(transaction)

    with pytest.raises(NothingMoved):
        await reschedule(transaction, event_id, schedule=a.schedule())


async def test_a_concert_cannot_be_moved_before_its_answers_are_due(
    transaction: Connection,
) -> None:
    event_id = await a.planned(transaction)
    moved: Schedule = a.schedule(a.STARTS_AT - timedelta(days=30))

    with pytest.raises(PlanUnsound) as refusal:
        await reschedule(transaction, event_id, schedule=moved, answer_by_on=a.ANSWER_BY_ON)
    assert refusal.value.field == "answer_by_on"


async def test_a_cancelled_concert_is_announced_once(transaction: Connection) -> None:
    event_id = await a.planned(transaction)
    await cancel_honouring_event(transaction, CancelHonouringEvent(honouring_event_id=event_id))

    with pytest.raises(EventIsOver):
        await cancel_honouring_event(transaction, CancelHonouringEvent(honouring_event_id=event_id))
    assert len(await a.facts(transaction, HonouringEventCancelled)) == 1


async def test_nothing_about_a_cancelled_concert_can_be_changed(transaction: Connection) -> None:
    event_id = await a.planned(transaction)
    await cancel_honouring_event(transaction, CancelHonouringEvent(honouring_event_id=event_id))

    with pytest.raises(EventIsOver):
        await change(transaction, event_id)
    with pytest.raises(EventIsOver):
        await reschedule(transaction, event_id)


async def test_a_concert_is_not_over_before_its_end(transaction: Connection) -> None:
    event_id, _ = await a.invited(transaction, 1)

    with pytest.raises(PhaseForbids):
        await conclude_honouring_event(
            transaction, ConcludeHonouringEvent(honouring_event_id=event_id)
        )


async def test_an_unknown_concert_is_not_found(transaction: Connection) -> None:
    with pytest.raises(HonouringEventUnknown):
        await cancel_honouring_event(transaction, CancelHonouringEvent(honouring_event_id=uuid4()))

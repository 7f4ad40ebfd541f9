"""Freed places go to those who wait, in their order, and to nobody else."""

from datetime import timedelta

import pytest

from services.recognition.honouring.commands.cancel_honouring_event import (
    CancelHonouringEvent,
    cancel_honouring_event,
)
from services.recognition.honouring.commands.lapse_offers import LapseOffers, lapse_offers
from services.recognition.honouring.model import Places
from services.recognition.honouring.refused_answers import DeadlinePassed, MoreThanOffered
from services.recognition.honouring.store import tickets, waiting
from services.recognition.honouring.waitlist import Position
from shared.contracts.recognition import ReplacementLapsed, ReplacementOffered
from shared.database import Connection
from tests.recognition.honouring import builders as a
from tests.recognition.honouring.guests import (
    guests,
    held,
    offers_end,
    past_deadline,
    read,
    says,
    states,
    taken,
)


async def test_a_declined_place_is_offered_to_the_next_in_line(transaction: Connection) -> None:
    event_id, (first, second, third) = await guests(transaction, 3, seats=1)
    for guest in (first, second, third):
        await says(transaction, guest, 1)

    await says(transaction, first, 0)

    (fact,) = await a.facts(transaction, ReplacementOffered)
    offered = (await read(transaction, second)).invitation
    assert await states(transaction, event_id) == ["declined", "offered", "waitlisted"]
    assert isinstance(fact, ReplacementOffered)
    assert (fact.invitation_id, fact.version, fact.seats) == (second, offered.version, 1)
    assert fact.offered_until == offered.offered_until


async def test_an_offer_holds_its_place_against_everybody_else(transaction: Connection) -> None:
    event_id, (first, second, third) = await guests(transaction, 3, seats=1)
    await says(transaction, first, 1)
    await says(transaction, second, 1)
    await says(transaction, first, 0)

    assert await says(transaction, third, 1) == "waitlisted"
    assert await taken(transaction, event_id) == Places(volunteer=1, standard=1)


async def test_who_takes_the_offer_gets_a_ticket(transaction: Connection) -> None:
    event_id, (first, second) = await guests(transaction, 2, seats=1)
    await says(transaction, first, 1)
    await says(transaction, second, 1)
    await says(transaction, first, 0)

    state = await says(transaction, second, 1)

    assert state == "accepted"
    assert len(await tickets.valid(transaction, second)) == 1
    assert await taken(transaction, event_id) == await held(transaction, event_id)


async def test_an_offer_can_be_taken_after_the_answer_deadline(transaction: Connection) -> None:
    event_id, (first, second, third) = await guests(transaction, 3, seats=1)
    for guest in (first, second):
        await says(transaction, guest, 1)
    await past_deadline(transaction, event_id)
    await says(transaction, first, 0)

    assert await says(transaction, second, 1) == "accepted"
    with pytest.raises(DeadlinePassed):
        await says(transaction, third, 1)


async def test_a_declined_offer_goes_to_the_next(transaction: Connection) -> None:
    event_id, everybody = await guests(transaction, 3, seats=1)
    for guest in everybody:
        await says(transaction, guest, 1)
    await says(transaction, everybody[0], 0)

    await says(transaction, everybody[1], 0)

    assert await states(transaction, event_id) == ["declined", "declined", "offered"]


async def test_an_offer_that_nobody_takes_lapses_and_goes_to_the_next(
    transaction: Connection,
) -> None:
    event_id, everybody = await guests(transaction, 3, seats=1)
    for guest in everybody:
        await says(transaction, guest, 1)
    await says(transaction, everybody[0], 0)
    assert await lapse_offers(transaction, LapseOffers()) == 0
    await offers_end(transaction, event_id)

    lapsed = [await lapse_offers(transaction, LapseOffers()) for _ in range(2)]

    (fact,) = await a.facts(transaction, ReplacementLapsed)
    assert lapsed == [1, 0]
    assert isinstance(fact, ReplacementLapsed)
    assert fact.invitation_id == everybody[1]
    assert await states(transaction, event_id) == ["declined", "expired", "offered"]
    assert await taken(transaction, event_id) == await held(transaction, event_id)


async def test_offers_for_an_event_that_was_called_off_are_left_alone(
    transaction: Connection,
) -> None:
    event_id, (first, second) = await guests(transaction, 2, seats=1)
    for guest in (first, second):
        await says(transaction, guest, 1)
    await says(transaction, first, 0)
    await offers_end(transaction, event_id)
    await cancel_honouring_event(transaction, CancelHonouringEvent(honouring_event_id=event_id))

    assert await lapse_offers(transaction, LapseOffers()) == 0
    assert await a.facts(transaction, ReplacementLapsed) == []


async def test_of_two_offered_places_one_can_be_taken_and_the_other_goes_on(
    transaction: Connection,
) -> None:
    event_id, (first, pair, single) = await guests(transaction, 3, seats=2)
    await says(transaction, first, 2)
    await says(transaction, pair, 2)
    await says(transaction, single, 1)
    await says(transaction, first, 0)

    await says(transaction, pair, 1)

    assert await states(transaction, event_id) == ["declined", "accepted", "offered"]


async def test_nobody_takes_more_than_was_offered(transaction: Connection) -> None:
    _, (first, second) = await guests(transaction, 2, seats=1)
    await says(transaction, first, 1)
    await says(transaction, second, 1)
    await says(transaction, first, 0)

    with pytest.raises(MoreThanOffered):
        await says(transaction, second, 2)


async def test_a_single_place_passes_a_pair_by_and_the_pair_can_see_it(
    transaction: Connection,
) -> None:
    event_id, (first, pair, single) = await guests(transaction, 3, seats=1)
    await says(transaction, first, 1)
    await says(transaction, pair, 2)
    await says(transaction, single, 1)

    await says(transaction, first, 0)

    assert await states(transaction, event_id) == ["declined", "waitlisted", "offered"]
    assert (await read(transaction, pair)).passed_over == 1


async def test_a_pair_that_shrinks_to_one_takes_the_single_place_at_once(
    transaction: Connection,
) -> None:
    event_id, (first, pair) = await guests(transaction, 2, seats=3)
    await says(transaction, first, 2)
    await says(transaction, pair, 2)

    state = await says(transaction, pair, 1)

    assert state == "accepted"
    assert await taken(transaction, event_id) == Places(volunteer=3, standard=3)


async def test_a_single_place_that_only_pairs_wait_for_is_given_to_a_newcomer(
    transaction: Connection,
) -> None:
    _, (first, pair, single) = await guests(transaction, 3, seats=3)
    await says(transaction, first, 2)
    await says(transaction, pair, 2)

    assert await says(transaction, single, 1) == "accepted"


async def test_places_that_were_added_go_to_the_queue_before_a_newcomer(
    transaction: Connection,
) -> None:
    event_id, (first, second, third) = await guests(transaction, 3, seats=1)
    await says(transaction, first, 1)
    await says(transaction, second, 1)
    await transaction.execute(
        """
        update place_balance set volunteer_capacity = 2, standard_capacity = 2
        where honouring_event_id = $1
        """,
        event_id,
    )

    state = await says(transaction, third, 1)

    assert state == "waitlisted"
    assert await states(transaction, event_id) == ["accepted", "offered", "waitlisted"]


async def test_who_leaves_the_queue_moves_the_others_up(transaction: Connection) -> None:
    _, (first, second, third) = await guests(transaction, 3, seats=1)
    for guest in (first, second, third):
        await says(transaction, guest, 1)
    # In one transaction the clock stands still, so the order is made by hand.
    await transaction.execute(
        "update invitation set waits_since = waits_since + $2 where invitation_id = $1",
        third,
        timedelta(minutes=1),
    )
    assert await waiting.position(transaction, third) == Position(2, 2)

    await says(transaction, second, 0)

    assert await waiting.position(transaction, third) == Position(1, 1)
    assert await waiting.position(transaction, second) is None


async def test_nothing_is_offered_once_the_doors_are_open(transaction: Connection) -> None:
    event_id, (first, second) = await guests(transaction, 2, seats=1)
    await says(transaction, first, 1)
    await says(transaction, second, 1)
    await transaction.execute(
        """
        update honouring_event set
            doors_open_at = (now() at time zone zone) - interval '1 minute',
            starts_at = (now() at time zone zone) + interval '1 hour',
            ends_at = (now() at time zone zone) + interval '3 hours'
        where honouring_event_id = $1
        """,
        event_id,
    )

    await says(transaction, first, 0)

    assert await states(transaction, event_id) == ["declined", "waitlisted"]

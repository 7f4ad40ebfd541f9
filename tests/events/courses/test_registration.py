"""Registering by link: nothing counts before it is confirmed, and the order is kept."""

from datetime import timedelta
from uuid import UUID, uuid4

import pytest

from services.events.courses.commands.accept_offer import AcceptOffer, accept_offer
from services.events.courses.commands.cancel_registration import (
    CancelRegistration,
    cancel_registration,
)
from services.events.courses.commands.change_run import ChangeRun, change_run
from services.events.courses.commands.lapse_offers import LapseOffers, lapse_offers
from services.events.courses.commands.leave_waiting_list import (
    LeaveWaitingList,
    leave_waiting_list,
)
from services.events.courses.commands.name_substitute import NameSubstitute, name_substitute
from services.events.courses.commands.request_registration import (
    RequestRegistration,
    request_registration,
)
from services.events.courses.commands.send_link_again import SendLinkAgain, send_link_again
from services.events.courses.links import PAUSE
from services.events.courses.refusals import (
    AlreadyRegistered,
    MorePlacesTaken,
    NotYours,
    OfferLapsed,
    RegistrationClosed,
    RegistrationUnknown,
    RunBegun,
    RunUnknown,
)
from services.events.courses.store import participants, places, registrations, runs, waiting
from shared.database import Connection
from tests.events.courses import builders as a
from tests.events.courses.facts import names, said


async def balance(transaction: Connection, run_id: UUID) -> tuple[int, int]:
    found = await places.balance(transaction, run_id)
    return found.taken, found.left


def ids(run_id: UUID, registration_id: UUID) -> dict[str, UUID]:
    return {"course_registration_id": registration_id, "course_run_id": run_id}


async def test_a_request_holds_no_place_and_is_told_with_ids_only(transaction: Connection) -> None:
    run_id = await a.opened(transaction)

    registration_id = await a.requested(transaction, run_id)

    assert await balance(transaction, run_id) == (0, 10)
    assert (await said(transaction))[-1] == (
        "course_registration_requested",
        {
            "course_registration_id": str(registration_id),
            "course_run_id": str(run_id),
            "version": 1,
        },
    )


async def test_made_up_addresses_cannot_block_a_place(transaction: Connection) -> None:
    run_id = await a.opened(transaction, minimum=1, maximum=1)
    for number in range(20):
        await a.requested(transaction, run_id, number)

    real = await a.confirmed(transaction, run_id, 99)

    assert await a.state(transaction, real) == "registered"


async def test_the_same_address_gets_its_link_again_and_no_second_registration(
    transaction: Connection,
) -> None:
    run_id = await a.opened(transaction)
    first = await a.confirmed(transaction, run_id)
    command = RequestRegistration(
        course_run_id=run_id, applicant=a.applicant(name="Jemand", email="GRIT1@example.org")
    )

    await request_registration(transaction, command, a.NOW)
    too_soon = await names(transaction)
    later = await runs.clock(transaction) + PAUSE + timedelta(seconds=1)
    await request_registration(transaction, command, later)

    assert too_soon.count("course_registration_requested") == 1
    assert (await names(transaction)).count("course_registration_requested") == 2
    assert (await registrations.get(transaction, first)).name == "Grit Muster1"
    assert await transaction.fetchval("select count(*) from course_registration") == 1


async def test_the_name_that_was_typed_last_counts_until_somebody_confirms(
    transaction: Connection,
) -> None:
    run_id = await a.opened(transaction)
    registration_id = await a.requested(transaction, run_id)
    for name in ("Jemand Anderes", "Grit Muster"):
        command = RequestRegistration(course_run_id=run_id, applicant=a.applicant(name=name))
        await request_registration(transaction, command, a.NOW)
    before = await registrations.get(transaction, registration_id)
    await a.confirm(transaction, run_id, registration_id)
    command = RequestRegistration(course_run_id=run_id, applicant=a.applicant(name="Wer Anders"))
    await request_registration(transaction, command, a.NOW)

    assert before.name == "Grit Muster"
    assert (await registrations.get(transaction, registration_id)).name == "Grit Muster"


async def test_a_lost_link_is_sent_again_after_the_course_too(transaction: Connection) -> None:
    run_id = await a.opened(transaction)
    await a.confirmed(transaction, run_id)
    after = a.NOW + timedelta(days=60)

    await send_link_again(transaction, SendLinkAgain(run_id, "GRIT1@example.org"), after)
    await send_link_again(transaction, SendLinkAgain(run_id, "grit1@example.org"), after)
    await send_link_again(transaction, SendLinkAgain(run_id, "nobody@example.org"), after)

    told = [body for name, body in await said(transaction) if name.endswith("n_requested")]
    assert [body["version"] for body in told] == [1, 3]


async def test_nobody_registers_before_it_opens_or_after_it_closes(transaction: Connection) -> None:
    early = await a.opened(transaction, opens_at=a.NOW + timedelta(days=1))
    late = await a.opened(transaction, closes_at=a.NOW)
    planned = await a.planned(transaction)

    with pytest.raises(RegistrationClosed):
        await a.requested(transaction, early)
    with pytest.raises(RegistrationClosed):
        await a.requested(transaction, late)
    with pytest.raises(RunUnknown):
        await a.requested(transaction, planned)


async def test_a_link_that_is_used_too_late_gives_no_place(transaction: Connection) -> None:
    run_id = await a.opened(transaction)
    registration_id = await a.requested(transaction, run_id)

    with pytest.raises(RegistrationClosed):
        await a.confirm(transaction, run_id, registration_id, a.NOW + timedelta(days=21))

    assert await balance(transaction, run_id) == (0, 10)


async def test_confirming_twice_takes_one_place(transaction: Connection) -> None:
    run_id = await a.opened(transaction)

    registration_id = await a.confirmed(transaction, run_id)
    await a.confirm(transaction, run_id, registration_id)

    assert await balance(transaction, run_id) == (1, 9)
    assert (await names(transaction)).count("course_registered") == 1


async def test_a_full_run_has_a_waiting_list_in_the_order_of_confirmations(
    transaction: Connection,
) -> None:
    run_id = await a.opened(transaction, minimum=1, maximum=1)
    await a.confirmed(transaction, run_id, 1)
    asked_first = await a.requested(transaction, run_id, 2)
    second = await a.confirmed(transaction, run_id, 3)
    await a.confirm(transaction, run_id, asked_first, a.NOW + timedelta(minutes=1))

    line = await waiting.next_in_line(transaction, run_id, 10)
    position = await waiting.position(transaction, asked_first)

    assert line == [second, asked_first]
    assert position == waiting.Position(place=2, waiting=2)
    assert await balance(transaction, run_id) == (1, 0)


async def test_a_cancelled_place_is_held_for_who_has_waited_longest(
    transaction: Connection,
) -> None:
    run_id = await a.opened(transaction, minimum=1, maximum=1)
    first, second, third = [await a.confirmed(transaction, run_id, n) for n in (1, 2, 3)]

    how = await cancel_registration(transaction, CancelRegistration(**ids(run_id, first)), a.NOW)

    assert how == "cancelled_in_time"
    assert await a.state(transaction, second) == "offered"
    assert await a.state(transaction, third) == "waitlisted"
    assert await balance(transaction, run_id) == (1, 0)
    assert (await names(transaction))[-2:] == [
        "course_registration_cancelled",
        "course_place_offered",
    ]


async def test_an_offer_that_is_taken_becomes_a_registration(transaction: Connection) -> None:
    run_id = await a.opened(transaction, minimum=1, maximum=1)
    first, second = [await a.confirmed(transaction, run_id, n) for n in (1, 2)]
    await cancel_registration(transaction, CancelRegistration(**ids(run_id, first)), a.NOW)

    await accept_offer(transaction, AcceptOffer(**ids(run_id, second)), a.NOW)

    assert await a.state(transaction, second) == "registered"
    assert await balance(transaction, run_id) == (1, 0)


async def test_an_offer_lapses_at_its_deadline_and_goes_to_the_next(
    transaction: Connection,
) -> None:
    run_id = await a.opened(transaction, minimum=1, maximum=1)
    first, second, third = [await a.confirmed(transaction, run_id, n) for n in (1, 2, 3)]
    await cancel_registration(transaction, CancelRegistration(**ids(run_id, first)), a.NOW)
    deadline = a.NOW + timedelta(hours=48)

    early = await lapse_offers(transaction, LapseOffers(), deadline - timedelta(seconds=1))
    with pytest.raises(OfferLapsed):
        await accept_offer(transaction, AcceptOffer(**ids(run_id, second)), deadline)
    done = await lapse_offers(transaction, LapseOffers(), deadline)

    assert (early, done) == (0, 1)
    assert await a.state(transaction, second) == "lapsed"
    assert await a.state(transaction, third) == "offered"
    assert await balance(transaction, run_id) == (1, 0)
    with pytest.raises(OfferLapsed):
        await accept_offer(transaction, AcceptOffer(**ids(run_id, second)), deadline)


async def test_who_declines_an_offer_makes_room_for_the_next(transaction: Connection) -> None:
    run_id = await a.opened(transaction, minimum=1, maximum=1)
    first, second, third = [await a.confirmed(transaction, run_id, n) for n in (1, 2, 3)]
    await cancel_registration(transaction, CancelRegistration(**ids(run_id, first)), a.NOW)

    await leave_waiting_list(transaction, LeaveWaitingList(**ids(run_id, second)), a.NOW)
    await leave_waiting_list(transaction, LeaveWaitingList(**ids(run_id, second)), a.NOW)

    assert await a.state(transaction, second) == "left"
    assert await a.state(transaction, third) == "offered"


async def test_who_leaves_the_list_may_come_back_to_its_end(transaction: Connection) -> None:
    run_id = await a.opened(transaction, minimum=1, maximum=1)
    _, second, third = [await a.confirmed(transaction, run_id, n) for n in (1, 2, 3)]
    await leave_waiting_list(transaction, LeaveWaitingList(**ids(run_id, second)), a.NOW)

    await a.confirm(transaction, run_id, second, a.NOW + timedelta(minutes=1))

    assert await waiting.next_in_line(transaction, run_id, 5) == [third, second]


async def test_who_registers_anew_cannot_revive_an_older_registration_too(
    transaction: Connection,
) -> None:
    run_id = await a.opened(transaction)
    first = await a.confirmed(transaction, run_id)
    await cancel_registration(transaction, CancelRegistration(**ids(run_id, first)), a.NOW)
    await a.confirmed(transaction, run_id)

    with pytest.raises(AlreadyRegistered):
        await a.confirm(transaction, run_id, first)

    assert await balance(transaction, run_id) == (1, 9)


async def test_a_cancellation_after_the_day_is_late(transaction: Connection) -> None:
    run_id = await a.opened(transaction)
    first = await a.confirmed(transaction, run_id)
    late = a.NOW + timedelta(days=25)

    how = await cancel_registration(transaction, CancelRegistration(**ids(run_id, first)), late)

    assert how == "cancelled_late"
    assert (await said(transaction))[-1][1]["is_in_time"] is False


async def test_nobody_cancels_a_course_that_has_begun(transaction: Connection) -> None:
    run_id = await a.opened(transaction)
    first = await a.confirmed(transaction, run_id)

    with pytest.raises(RunBegun):
        await cancel_registration(
            transaction, CancelRegistration(**ids(run_id, first)), a.NOW + timedelta(days=31)
        )


async def test_a_substitute_has_the_place_and_a_link_of_their_own(transaction: Connection) -> None:
    run_id = await a.opened(transaction, minimum=1, maximum=1)
    first = await a.confirmed(transaction, run_id, 1)
    await a.confirmed(transaction, run_id, 2)
    command = NameSubstitute(**ids(run_id, first), applicant=a.applicant(7))

    substitute = await name_substitute(transaction, command, a.NOW)

    assert await a.state(transaction, first) == "substituted"
    assert await a.state(transaction, substitute) == "registered"
    assert await balance(transaction, run_id) == (1, 0)
    (listed,) = await participants.of_run(transaction, run_id, ["registered"])
    assert (listed.name, listed.substitutes_name) == ("Grit Muster7", "Grit Muster1")
    with pytest.raises(NotYours):
        await a.confirm(transaction, run_id, first)


async def test_nobody_is_a_substitute_who_has_a_registration(transaction: Connection) -> None:
    run_id = await a.opened(transaction)
    first = await a.confirmed(transaction, run_id, 1)
    await a.confirmed(transaction, run_id, 2)

    with pytest.raises(AlreadyRegistered):
        await name_substitute(
            transaction, NameSubstitute(**ids(run_id, first), applicant=a.applicant(2)), a.NOW
        )


async def test_more_places_go_to_those_who_wait_and_never_below_those_taken(
    transaction: Connection,
) -> None:
    run_id = await a.opened(transaction, minimum=1, maximum=1)
    _, second, third = [await a.confirmed(transaction, run_id, n) for n in (1, 2, 3)]
    more = ChangeRun(course_run_id=run_id, version=2, terms=a.terms(minimum=1, maximum=2))

    await change_run(transaction, more, a.NOW)

    assert await a.state(transaction, second) == "offered"
    assert await a.state(transaction, third) == "waitlisted"
    fewer = ChangeRun(course_run_id=run_id, version=3, terms=a.terms(minimum=1, maximum=1))
    with pytest.raises(MorePlacesTaken):
        await change_run(transaction, fewer, a.NOW)


async def test_an_unknown_registration_is_refused(transaction: Connection) -> None:
    run_id = await a.opened(transaction)

    with pytest.raises(RegistrationUnknown):
        await a.confirm(transaction, run_id, uuid4())

"""Guests answer, change their minds and get their tickets; nothing is lost on the way."""

from uuid import UUID

import asyncpg
import pytest

from services.recognition.honouring.commands.answer_invitation import answer_invitation
from services.recognition.honouring.commands.expire_invitations import (
    ExpireInvitations,
    expire_invitations,
)
from services.recognition.honouring.commands.record_answer_for_guest import (
    RecordAnswerForGuest,
    record_answer_for_guest,
)
from services.recognition.honouring.contention import MustStandInLine
from services.recognition.honouring.model import Places
from services.recognition.honouring.refused_answers import DeadlinePassed, NoFurtherPlaces
from services.recognition.honouring.store import tickets
from services.recognition.honouring.store.answers import InvitationUnknown
from shared.contracts.recognition import (
    InvitationAccepted,
    InvitationDeclined,
    InvitationWaitlisted,
    PlaceReleased,
    TicketCancelled,
    TicketIssued,
)
from shared.database import Connection
from tests.recognition.honouring import builders as a
from tests.recognition.honouring.guests import (
    guests,
    held,
    past_deadline,
    read,
    saying,
    says,
    states,
    taken,
)


async def test_an_acceptance_takes_places_and_issues_a_ticket_for_each_person(
    transaction: Connection,
) -> None:
    event_id, (guest,) = await guests(transaction, 1)

    state = await says(transaction, guest, 2, companion_name="Ute Muster")

    issued = await tickets.valid(transaction, guest)
    assert state == "accepted"
    assert [ticket.holder_name for ticket in issued] == ["Grit Beispiel", "Ute Muster"]
    assert await taken(transaction, event_id) == Places(volunteer=2, standard=2)


async def test_an_acceptance_is_told_with_its_version_and_its_tickets(
    transaction: Connection,
) -> None:
    _, (guest,) = await guests(transaction, 1)

    await says(transaction, guest, 2)

    (accepted,) = await a.facts(transaction, InvitationAccepted)
    assert isinstance(accepted, InvitationAccepted)
    assert (accepted.invitation_id, accepted.version, accepted.seats) == (guest, 2, 2)
    assert len(await a.facts(transaction, TicketIssued)) == 2


async def test_a_wheelchair_party_takes_the_companions_place_beside_it(
    transaction: Connection,
) -> None:
    event_id, (guest,) = await guests(transaction, 1)

    await says(transaction, guest, 2, needs_wheelchair=True, with_access_companion=True)

    assert await taken(transaction, event_id) == Places(
        volunteer=3, standard=1, wheelchair=1, companion=1
    )
    assert len(await tickets.valid(transaction, guest)) == 3


async def test_what_a_guest_needs_is_kept_and_goes_with_the_refusal(
    transaction: Connection,
) -> None:
    _, (guest,) = await guests(transaction, 1)
    await says(transaction, guest, 1, access_needs=("hearing_loop",))
    assert (await read(transaction, guest)).access_needs == ("hearing_loop",)

    await says(transaction, guest, 0)

    assert (await read(transaction, guest)).access_needs == ()


async def test_the_same_answer_again_changes_nothing(transaction: Connection) -> None:
    event_id, (guest,) = await guests(transaction, 1)
    await says(transaction, guest, 2)
    before = await read(transaction, guest)

    state = await says(transaction, guest, 2)

    assert state == "accepted"
    assert (await read(transaction, guest)).invitation.version == before.invitation.version
    assert await taken(transaction, event_id) == Places(volunteer=2, standard=2)


async def test_an_old_request_that_arrives_again_does_not_undo_a_newer_answer(
    transaction: Connection,
) -> None:
    _, (guest,) = await guests(transaction, 1)
    await says(transaction, guest, 2, request_key="first-click")
    await says(transaction, guest, 0, request_key="second-click")

    state = await says(transaction, guest, 2, request_key="first-click")

    assert state == "declined"


async def test_a_refusal_frees_the_places_and_cancels_the_tickets(
    transaction: Connection,
) -> None:
    event_id, (guest,) = await guests(transaction, 1)
    await says(transaction, guest, 2)

    await says(transaction, guest, 0)

    (released,) = await a.facts(transaction, PlaceReleased)
    assert isinstance(released, PlaceReleased)
    assert released.seats == 2
    assert len(await a.facts(transaction, InvitationDeclined)) == 1
    assert len(await a.facts(transaction, TicketCancelled)) == 2
    assert await tickets.valid(transaction, guest) == []
    assert await taken(transaction, event_id) == Places()


async def test_giving_back_one_place_keeps_the_guests_own_ticket(transaction: Connection) -> None:
    _, (guest,) = await guests(transaction, 1)
    await says(transaction, guest, 2)
    own, _ = await tickets.valid(transaction, guest)

    await says(transaction, guest, 1)

    assert await tickets.valid(transaction, guest) == [own]


async def test_naming_the_companion_later_exchanges_only_that_ticket(
    transaction: Connection,
) -> None:
    event_id, (guest,) = await guests(transaction, 1)
    await says(transaction, guest, 2)
    own, _ = await tickets.valid(transaction, guest)

    await says(transaction, guest, 2, companion_name="Ute Muster")

    kept, new = await tickets.valid(transaction, guest)
    assert (kept, new.holder_name) == (own, "Ute Muster")
    assert await taken(transaction, event_id) == Places(volunteer=2, standard=2)


async def test_a_full_hall_means_the_waiting_list_for_the_whole_party(
    transaction: Connection,
) -> None:
    event_id, (first, second) = await guests(transaction, 2, seats=3)
    await says(transaction, first, 2)

    state = await says(transaction, second, 2)

    (fact,) = await a.facts(transaction, InvitationWaitlisted)
    assert isinstance(fact, InvitationWaitlisted)
    assert (state, fact.seats) == ("waitlisted", 2)
    assert await tickets.valid(transaction, second) == []
    assert await taken(transaction, event_id) == Places(volunteer=2, standard=2)


async def test_a_free_place_that_others_wait_beside_is_not_had_by_hope_alone(
    transaction: Connection,
) -> None:
    _, (first, pair, single) = await guests(transaction, 3, seats=2)
    await says(transaction, first, 1)
    await says(transaction, pair, 2)

    with pytest.raises(MustStandInLine):
        await answer_invitation(transaction, saying(single, 1))


async def test_a_guest_who_has_a_place_keeps_it_if_a_second_one_is_not_to_be_had(
    transaction: Connection,
) -> None:
    event_id, (first, second) = await guests(transaction, 2, seats=2)
    await says(transaction, first, 1)
    await says(transaction, second, 1)

    with pytest.raises(NoFurtherPlaces):
        await says(transaction, first, 2)

    assert await states(transaction, event_id) == ["accepted", "accepted"]
    assert len(await tickets.valid(transaction, first)) == 1
    assert await taken(transaction, event_id) == await held(transaction, event_id)


async def test_every_answer_stays_in_the_history(transaction: Connection) -> None:
    _, (guest,) = await guests(transaction, 1)
    for seats in (2, 1, 0):
        await says(transaction, guest, seats)

    assert await history(transaction, guest) == [
        ("accepted", 2, "link", "guest"),
        ("accepted", 1, "link", "guest"),
        ("declined", 0, "link", "guest"),
    ]


async def test_after_the_deadline_a_guest_can_only_give_places_back(
    transaction: Connection,
) -> None:
    event_id, (coming, silent) = await guests(transaction, 2)
    await says(transaction, coming, 2)
    await past_deadline(transaction, event_id)

    with pytest.raises(DeadlinePassed):
        await says(transaction, silent, 1)
    assert await says(transaction, coming, 1) == "accepted"
    assert await says(transaction, coming, 0) == "declined"


async def test_invitations_that_nobody_answered_expire_once_and_others_do_not(
    transaction: Connection,
) -> None:
    event_id, (coming, silent) = await guests(transaction, 2)
    await says(transaction, coming, 1)
    await past_deadline(transaction, event_id)

    counts = [await expire_invitations(transaction, ExpireInvitations()) for _ in range(2)]

    assert counts == [1, 0]
    assert await states(transaction, event_id) == ["accepted", "expired"]
    assert await history(transaction, silent) == [("expired", 0, "timer", "timer")]


async def test_a_clerk_records_a_reply_card_that_came_after_the_deadline(
    transaction: Connection,
) -> None:
    event_id, (guest,) = await guests(transaction, 1)
    await past_deadline(transaction, event_id)
    await expire_invitations(transaction, ExpireInvitations())

    state = await record_answer_for_guest(
        transaction,
        RecordAnswerForGuest(
            invitation_id=guest,
            answer=saying(guest, 1).answer,
            via="letter",
            clerk_name="Karla Kartei",
            actor="provider|clerk",
        ),
        in_line=True,
    )

    deed = await transaction.fetchrow("select actor, action, details from audit_entry")
    assert state == "accepted"
    assert (await history(transaction, guest))[-1] == ("accepted", 1, "letter", "Karla Kartei")
    assert deed is not None
    assert tuple(deed) == (
        "provider|clerk",
        "record_answer_for_guest",
        {"state": "accepted", "via": "letter"},
    )


async def test_an_unknown_invitation_is_not_answered(transaction: Connection) -> None:
    with pytest.raises(InvitationUnknown):
        await says(transaction, UUID(int=0), 1)


async def test_the_balance_itself_refuses_more_than_there_is(transaction: Connection) -> None:
    event_id, _ = await guests(transaction, 1, seats=1)

    with pytest.raises(asyncpg.CheckViolationError):
        await transaction.execute(
            "update place_balance set volunteer_taken = 2 where honouring_event_id = $1", event_id
        )


async def history(connection: Connection, invitation_id: UUID) -> list[tuple[object, ...]]:
    rows = await connection.fetch(
        """
        select state, seats, answered_via, answered_by from answer_history
        where invitation_id = $1 order by version
        """,
        invitation_id,
    )
    return [tuple(row) for row in rows]

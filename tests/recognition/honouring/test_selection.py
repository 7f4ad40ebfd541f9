"""Guests are selected with minutes and invited in waves, each of them once."""

import asyncio
from datetime import date
from typing import Any
from uuid import UUID

import pytest

from services.recognition.honouring.commands.close_nomination import (
    CloseNomination,
    close_nomination,
)
from services.recognition.honouring.commands.select_guests import (
    NobodyToSelect,
    SeedUnfit,
    SelectGuests,
    select_guests,
)
from services.recognition.honouring.commands.send_wave import SendWave, WaveDiffers, send_wave
from services.recognition.honouring.planning import PhaseForbids, PlanUnsound
from services.recognition.honouring.store import draws, events, proposals, waves
from shared.contracts.recognition import GuestInvited, GuestSelectionDrawn, InvitationWaveSent
from shared.database import Connection, Pool
from shared.database import transaction as open_transaction
from tests.recognition.honouring import builders as a


def wave(event_id: UUID, expected: int, **wishes: object) -> SendWave:
    fields: dict[str, Any] = {"answer_by_on": a.ANSWER_BY_ON, "sent_by": "Test", **wishes}
    return SendWave(honouring_event_id=event_id, expected=expected, **fields)


async def states(transaction: Connection, event_id: UUID) -> dict[str, int]:
    counts = await proposals.counts(transaction, event_id)
    return {count.state: count.proposals for count in counts}


async def test_a_draw_selects_as_many_as_wanted_and_notes_the_others(
    transaction: Connection,
) -> None:
    event_id = await a.opened(transaction)
    await a.proposed(transaction, event_id, await a.people(transaction, 5))

    await a.selected(transaction, event_id, places=3)

    assert await states(transaction, event_id) == {"carried_over": 2, "selected": 3}
    (fact,) = await a.facts(transaction, GuestSelectionDrawn)
    assert isinstance(fact, GuestSelectionDrawn)
    assert (fact.selected, fact.carried_over) == (3, 2)


async def test_the_minutes_are_kept_as_they_were_drawn(transaction: Connection) -> None:
    event_id = await a.opened(transaction)
    await a.proposed(transaction, event_id, await a.people(transaction, 4))

    draw_id = await a.selected(transaction, event_id, places=1)

    minutes = await draws.minutes_of(transaction, draw_id)
    assert minutes is not None
    assert (minutes.seed, len(minutes.drawn), len(minutes.left_over)) == ("Probe", 1, 3)


async def test_who_was_left_over_is_preferred_at_the_next_concert(
    transaction: Connection,
) -> None:
    person_ids = await a.people(transaction, 2)
    first = await a.opened(transaction)
    await a.proposed(transaction, first, person_ids)
    await a.selected(transaction, first, places=1)
    second = await a.opened(transaction)
    await a.proposed(transaction, second, [*person_ids, *await a.people(transaction, 20)])

    noted = [one for one in await proposals.candidates(transaction, second) if one.was_carried_over]
    draw_id = await a.selected(transaction, second, places=1)

    minutes = await draws.minutes_of(transaction, draw_id)
    assert minutes is not None
    assert minutes.drawn == (noted[0].guest_proposal_id,)


async def test_a_note_is_used_up_once_its_person_is_selected(transaction: Connection) -> None:
    person_ids = await a.people(transaction, 2)
    first = await a.opened(transaction)
    await a.proposed(transaction, first, person_ids)
    await a.selected(transaction, first, places=1)
    second = await a.opened(transaction)
    await a.proposed(transaction, second, person_ids)
    await a.selected(transaction, second, places=2)
    third = await a.opened(transaction)
    await a.proposed(transaction, third, person_ids)

    candidates = await proposals.candidates(transaction, third)
    await a.selected(transaction, third, places=2)

    assert [one.was_carried_over for one in candidates] == [False, False]
    used_by = await transaction.fetchval("select used_by_event_id from carry_over")
    assert used_by == second


async def test_a_second_draw_takes_from_those_left_over(transaction: Connection) -> None:
    event_id = await a.opened(transaction)
    await a.proposed(transaction, event_id, await a.people(transaction, 5))
    await a.selected(transaction, event_id, places=3)

    await select_guests(
        transaction,
        SelectGuests(honouring_event_id=event_id, places=1, seed="", drawn_by="Test"),
    )

    assert await states(transaction, event_id) == {"carried_over": 1, "selected": 4}
    assert [one.number for one in await draws.listed(transaction, event_id)] == [1, 2]


async def test_a_draw_without_a_given_seed_makes_one(transaction: Connection) -> None:
    event_id = await a.opened(transaction)
    await a.proposed(transaction, event_id, await a.people(transaction, 1))
    await close_nomination(transaction, CloseNomination(honouring_event_id=event_id))

    await select_guests(
        transaction, SelectGuests(honouring_event_id=event_id, places=1, seed=" ", drawn_by="T")
    )

    (made,) = await draws.listed(transaction, event_id)
    assert len(made.seed) == 16


@pytest.mark.parametrize("seed", ["a:b", "x" * 65, "zeile\nzwei;", "<b>"])
async def test_a_seed_that_cannot_be_read_out_is_refused(
    transaction: Connection, seed: str
) -> None:
    event_id = await a.opened(transaction)
    await a.proposed(transaction, event_id, await a.people(transaction, 1))
    await close_nomination(transaction, CloseNomination(honouring_event_id=event_id))

    with pytest.raises(SeedUnfit):
        await select_guests(
            transaction,
            SelectGuests(honouring_event_id=event_id, places=1, seed=seed, drawn_by="Test"),
        )


async def test_nobody_is_drawn_while_associations_propose(transaction: Connection) -> None:
    event_id = await a.opened(transaction)

    with pytest.raises(PhaseForbids):
        await select_guests(
            transaction,
            SelectGuests(honouring_event_id=event_id, places=1, seed="", drawn_by="Test"),
        )


async def test_nobody_is_drawn_from_nobody(transaction: Connection) -> None:
    event_id = await a.opened(transaction)

    with pytest.raises(NobodyToSelect):
        await a.selected(transaction, event_id)


async def test_protocol_guests_need_no_lot(transaction: Connection) -> None:
    event_id = await a.opened(transaction)
    mayor = await a.person(transaction)

    await a.proposed(transaction, event_id, [mayor], category="protocol")

    assert await states(transaction, event_id) == {"selected": 1}
    assert not await proposals.candidates(transaction, event_id)


async def test_a_wave_invites_every_selected_guest_once(transaction: Connection) -> None:
    event_id, wave_id = await a.invited(transaction, 3)

    guests = await a.facts(transaction, GuestInvited)
    (sent,) = await a.facts(transaction, InvitationWaveSent)
    assert len({guest.aggregate_id for guest in guests}) == 3
    assert isinstance(sent, InvitationWaveSent)
    assert (sent.invitation_wave_id, sent.invited) == (wave_id, 3)
    with pytest.raises(WaveDiffers):
        await send_wave(transaction, wave(event_id, 3))
    assert (await events.get(transaction, event_id)).phase == "inviting"


async def test_a_wave_is_not_sent_to_others_than_were_confirmed(transaction: Connection) -> None:
    event_id = await a.opened(transaction)
    await a.proposed(transaction, event_id, await a.people(transaction, 2))
    await a.selected(transaction, event_id)

    with pytest.raises(WaveDiffers):
        await send_wave(transaction, wave(event_id, 1))


async def test_protocol_guests_can_have_a_wave_of_their_own(transaction: Connection) -> None:
    event_id = await a.opened(transaction)
    await a.proposed(transaction, event_id, await a.people(transaction, 2))
    await a.proposed(transaction, event_id, await a.people(transaction, 1), category="protocol")
    await a.selected(transaction, event_id)

    await send_wave(transaction, wave(event_id, 1, audience="protocol"))

    assert [channel.category for channel in await waves.channels(transaction, event_id)] == [
        "volunteer"
    ]


async def test_the_preview_tells_who_gets_a_letter(transaction: Connection) -> None:
    event_id = await a.opened(transaction)
    await a.proposed(transaction, event_id, await a.people(transaction, 2))
    await a.proposed(transaction, event_id, await a.people(transaction, 3, email=None))
    await a.selected(transaction, event_id)

    (channel,) = await waves.channels(transaction, event_id)

    assert (channel.by_email, channel.by_letter, channel.people) == (2, 3, 5)


@pytest.mark.parametrize("answer_by_on", [date(2020, 1, 1), a.STARTS_AT.date()])
async def test_a_wave_needs_a_deadline_between_now_and_the_concert(
    transaction: Connection, answer_by_on: date
) -> None:
    event_id = await a.opened(transaction)
    await a.proposed(transaction, event_id, await a.people(transaction, 1))
    await a.selected(transaction, event_id)

    with pytest.raises(PlanUnsound):
        await send_wave(transaction, wave(event_id, 1, answer_by_on=answer_by_on))


async def test_two_clerks_who_send_at_once_invite_nobody_twice(pool: Pool) -> None:
    async with open_transaction(pool) as opened:
        event_id = await a.opened(opened)
        await a.proposed(opened, event_id, await a.people(opened, 20))
        await a.selected(opened, event_id)

    async def send() -> bool:
        try:
            async with open_transaction(pool) as opened:
                await send_wave(opened, wave(event_id, 20))
        except WaveDiffers:
            return False
        return True

    outcomes = await asyncio.gather(*(send() for _ in range(4)))

    assert outcomes.count(True) == 1

"""What two people do at the same moment happens one after the other."""

import asyncio
from typing import Any
from uuid import UUID

import pytest

from services.recognition.honouring.commands.answer_invitation import answer_invitation
from services.recognition.honouring.commands.close_nomination import (
    CloseNomination,
    close_nomination,
)
from services.recognition.honouring.commands.propose_guest import (
    ProposeGuest,
    QuotaUsedUp,
    propose_guest,
)
from services.recognition.honouring.commands.send_wave import SendWave, WaveDiffers, send_wave
from shared.database import Pool, transaction
from tests.recognition.honouring import builders as a
from tests.recognition.honouring.crowd import answer, crowd, rush, tally
from tests.recognition.honouring.guests import saying


async def waits(pool: Pool, task: "asyncio.Task[Any]") -> bool:
    """Wait until the task is done or its transaction waits for a lock, and tell which."""
    while not task.done():
        waiting = await pool.fetchval(
            """
            select exists (
                select from pg_stat_activity
                where datname = current_database() and wait_event_type = 'Lock'
            )
            """
        )
        if waiting:
            return True
        await asyncio.sleep(0)
    return False


async def in_transaction(pool: Pool, act: Any, command: Any) -> None:
    async with transaction(pool) as opened:
        await act(opened, command)


def proposal(event_id: UUID, person_id: UUID, club: UUID) -> ProposeGuest:
    return ProposeGuest(
        honouring_event_id=event_id,
        person_id=person_id,
        organisation_id=club,
        proposed_by="association",
        by_link=True,
    )


async def test_two_proposals_for_the_last_place_of_a_quota_are_counted_in_turn(pool: Pool) -> None:
    async with transaction(pool) as opened:
        event_id = await a.opened(opened)
        members = await a.people(opened, 2)
        club = await a.association(opened, members=members, quota=(event_id, 1))

    async with transaction(pool) as first:
        await propose_guest(first, proposal(event_id, members[0], club))
        second = asyncio.create_task(
            in_transaction(pool, propose_guest, proposal(event_id, members[1], club))
        )
        had_to_wait = await waits(pool, second)

    with pytest.raises(QuotaUsedUp):
        await second
    assert had_to_wait


async def test_proposals_close_only_after_one_that_is_under_way(pool: Pool) -> None:
    async with transaction(pool) as opened:
        event_id = await a.opened(opened)
        members = await a.people(opened, 1)
        club = await a.association(opened, members=members, quota=(event_id, 1))

    async with transaction(pool) as first:
        await propose_guest(first, proposal(event_id, members[0], club))
        closing = asyncio.create_task(
            in_transaction(pool, close_nomination, CloseNomination(honouring_event_id=event_id))
        )
        had_to_wait = await waits(pool, closing)

    await closing
    assert had_to_wait


async def test_a_wave_waits_for_the_one_that_is_being_sent(pool: Pool) -> None:
    async with transaction(pool) as opened:
        event_id = await a.opened(opened)
        await a.proposed(opened, event_id, await a.people(opened, 5))
        await a.selected(opened, event_id)
    command = SendWave(
        honouring_event_id=event_id, answer_by_on=a.ANSWER_BY_ON, expected=5, sent_by="Test"
    )

    async with transaction(pool) as first:
        await send_wave(first, command)
        second = asyncio.create_task(in_transaction(pool, send_wave, command))
        had_to_wait = await waits(pool, second)

    with pytest.raises(WaveDiffers):
        await second
    assert had_to_wait


async def test_a_place_that_is_given_back_meanwhile_goes_to_who_was_about_to_queue(
    pool: Pool,
) -> None:
    event_id, (first, second) = await crowd(pool, 2, seats=1)
    await rush(pool, [(first, 1)])

    async with transaction(pool) as declining:
        await answer_invitation(declining, saying(first, 0))
        queueing = asyncio.create_task(answer(pool, saying(second, 1)))
        had_to_wait = await waits(pool, queueing)

    assert await queueing == "accepted"
    assert had_to_wait
    assert (await tally(pool, event_id)).taken == 1


async def test_who_queues_does_not_wait_for_others_who_queue(pool: Pool) -> None:
    event_id, (first, second, third) = await crowd(pool, 3, seats=1)
    await rush(pool, [(first, 1)])

    async with transaction(pool) as queueing:
        await answer_invitation(queueing, saying(second, 1))
        state = await answer(pool, saying(third, 1))

    assert state == "waitlisted"
    assert (await tally(pool, event_id)).waiting == 2

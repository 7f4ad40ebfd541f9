"""Guests who decline, come and queue at the same moment do not get in each other's way."""

import asyncio
from collections import Counter
from uuid import UUID

from services.recognition.honouring.commands.expire_invitations import (
    ExpireInvitations,
    expire_invitations,
)
from services.recognition.honouring.commands.lapse_offers import LapseOffers, lapse_offers
from services.recognition.honouring.store import answers, waiting
from services.recognition.honouring.waitlist import Waiting
from shared.database import Pool, transaction
from shared.errors import Refused
from tests.recognition.honouring.crowd import answer, crowd, rush, tally
from tests.recognition.honouring.guests import (
    held,
    offers_end,
    past_deadline,
    saying,
    states,
    taken,
)


async def test_of_many_double_clicks_each_takes_its_places_once(pool: Pool) -> None:
    event_id, invitations = await crowd(pool, 20, seats=30)

    await rush(pool, [(one, 2) for one in invitations for _ in range(4)])

    counted = await tally(pool, event_id)
    assert (counted.seated, counted.taken, counted.tickets) == (30, 30, 30)
    assert await answers_kept(pool, event_id) == Counter({1: 20})


async def read_queue(pool: Pool, event_id: UUID) -> list[Waiting]:
    async with pool.acquire() as connection:
        return await waiting.queue(connection, event_id)


async def test_a_burst_of_refusals_serves_the_queue_in_its_order(pool: Pool) -> None:
    event_id, invitations = await crowd(pool, 60, seats=20)
    for one in invitations:
        await answer(pool, saying(one, 1))
    queue = await read_queue(pool, event_id)
    leaving = [party.invitation_id for party in queue[5:15]]

    await rush(pool, [(one, 0) for one in [*invitations[:15], *leaving]])

    still = await read_queue(pool, event_id)
    stayed = [party for party in queue if party.invitation_id not in leaving]
    assert [party.invitation_id for party in still] == [
        party.invitation_id for party in stayed[-len(still) :]
    ]
    counted = await tally(pool, event_id)
    assert (counted.seated, counted.taken) == (20, 20)


async def test_coming_going_queueing_and_lapsing_at_once_keep_the_balance(pool: Pool) -> None:
    event_id, invitations = await crowd(pool, 40, seats=12)
    for one in invitations[:24]:
        await answer(pool, saying(one, 1))

    async def wander(one: UUID, number: int) -> None:
        for seats in ((0, 2, 1), (1, 0, 2), (2, 1, 0))[number % 3]:
            try:
                await answer(pool, saying(one, seats))
            except Refused:
                continue

    async def lapse() -> None:
        for _ in range(10):
            async with transaction(pool) as opened:
                await offers_end(opened, event_id)
            async with transaction(pool) as opened:
                await lapse_offers(opened, LapseOffers())

    await asyncio.gather(lapse(), *(wander(one, n) for n, one in enumerate(invitations)))

    async with pool.acquire() as connection:
        assert await taken(connection, event_id) == await held(connection, event_id)
        left = (await waiting.prospect(connection, event_id)).left
        smallest = [party.places.volunteer for party in await waiting.queue(connection, event_id)]
        assert left.volunteer < min(smallest, default=13)
    counted = await tally(pool, event_id)
    assert counted.taken == counted.seated <= 12
    assert counted.tickets == await accepted_seats(pool, event_id)


async def test_an_answer_waits_for_no_lapse_and_no_lapse_for_an_answer(pool: Pool) -> None:
    event_id, (first, second) = await crowd(pool, 2, seats=1)
    await rush(pool, [(first, 1)])
    await rush(pool, [(second, 1)])
    await rush(pool, [(first, 0)])
    async with transaction(pool) as opened:
        await offers_end(opened, event_id)

    async with transaction(pool) as busy:
        await waiting.lock_queue(busy, event_id)
        await lapse_all(pool)
        assert await states(busy, event_id) == ["declined", "offered"]

    await lapse_all(pool)
    async with pool.acquire() as connection:
        assert await states(connection, event_id) == ["declined", "expired"]


async def test_an_invitation_that_is_being_answered_does_not_expire_meanwhile(
    pool: Pool,
) -> None:
    event_id, (answering, _) = await crowd(pool, 2, seats=1)
    async with transaction(pool) as opened:
        await past_deadline(opened, event_id)

    async with transaction(pool) as busy:
        await answers.lock(busy, answering)
        async with transaction(pool) as timer:
            await expire_invitations(timer, ExpireInvitations())

        assert await states(busy, event_id) == ["invited", "expired"]


async def lapse_all(pool: Pool) -> None:
    """Do what the worker's timer does until there is nothing left that it can do."""
    done = 1
    while done:
        async with transaction(pool) as opened:
            done = await lapse_offers(opened, LapseOffers())


async def answers_kept(pool: Pool, event_id: UUID) -> Counter[int]:
    """How many invitations have how many answers in their history."""
    rows = await pool.fetch(
        """
        select count(*)::integer from answer_history
        inner join invitation using (invitation_id)
        where honouring_event_id = $1
        group by invitation_id
        """,
        event_id,
    )
    return Counter(row[0] for row in rows)


async def accepted_seats(pool: Pool, event_id: UUID) -> int:
    found: int = await pool.fetchval(
        """
        select coalesce(sum(seats), 0)::integer from invitation
        where honouring_event_id = $1 and state = 'accepted'
        """,
        event_id,
    )
    return found

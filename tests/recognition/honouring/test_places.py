"""Never more places are taken than there are, of any kind and under any concurrency."""

import asyncio
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from services.recognition.honouring.model import GuestCategory, Party, Places
from services.recognition.honouring.store import places
from shared.database import Connection, Pool, transaction
from tests.recognition.honouring import builders as a

PARTIES = st.builds(
    Party,
    seats=st.integers(1, 2),
    needs_wheelchair=st.booleans(),
    with_access_companion=st.booleans(),
)


@given(PARTIES, st.sampled_from(["volunteer", "protocol"]))
def test_each_person_counts_once_by_category_and_once_by_class(
    party: Party, category: GuestCategory
) -> None:
    taken = party.places(category)

    assert taken.volunteer + taken.protocol == party.persons
    assert taken.standard + taken.wheelchair + taken.companion == party.persons


def test_an_access_companion_does_not_use_up_the_plus_one() -> None:
    party = Party(seats=2, needs_wheelchair=True, with_access_companion=True)

    assert party.admissions == ("wheelchair", "standard", "companion")


def test_nobody_takes_no_places() -> None:
    assert Party(seats=0, with_access_companion=True).places("volunteer") == Places()


async def test_a_party_gets_all_its_places_or_none(transaction: Connection) -> None:
    event_id = await a.planned(transaction, places=a.capacities(volunteer=3))
    pair = Party(seats=2).places("volunteer")

    outcomes = [await places.take(transaction, event_id, pair) for _ in range(2)]

    assert outcomes == [True, False]
    assert (await places.balance(transaction, event_id)).left.volunteer == 1


async def test_a_full_class_refuses_although_the_category_has_room(
    transaction: Connection,
) -> None:
    event_id = await a.planned(transaction, places=a.capacities(wheelchair=0))
    party = Party(seats=1, needs_wheelchair=True)

    assert not await places.take(transaction, event_id, party.places("volunteer"))
    assert (await places.balance(transaction, event_id)).taken == Places()


async def test_freed_places_can_be_taken_again(transaction: Connection) -> None:
    event_id = await a.planned(transaction, places=a.capacities(volunteer=1, protocol=0))
    one = Party(seats=1).places("volunteer")
    await places.take(transaction, event_id, one)
    assert not await places.take(transaction, event_id, one)

    await places.take(transaction, event_id, -one)

    assert await places.take(transaction, event_id, one)


async def test_no_crowd_takes_more_places_than_there_are(pool: Pool) -> None:
    async with transaction(pool) as opened:
        event_id = await a.planned(opened, places=a.capacities(volunteer=50, protocol=0))

    async def come(seats: int) -> int:
        async with transaction(pool) as opened:
            wanted = Party(seats=seats).places("volunteer")
            return seats if await places.take(opened, event_id, wanted) else 0

    taken = await asyncio.gather(*(come(1 + number % 2) for number in range(200)))

    assert sum(taken) == 50
    assert await taken_places(pool, event_id) == 50


async def taken_places(pool: Pool, event_id: UUID) -> int:
    async with pool.acquire() as connection:
        return (await places.balance(connection, event_id)).taken.volunteer

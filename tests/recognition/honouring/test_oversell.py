"""Five thousand guests want fifteen hundred places: exactly fifteen hundred get one."""

from collections import Counter
from collections.abc import AsyncIterator
from uuid import UUID

import pytest

from services.recognition.honouring.model import Places
from services.recognition.honouring.store import places
from shared.database import Connection, Pool
from tests.conftest import Database
from tests.recognition.honouring.crowd import Tally, crowd, rush, tally

CONNECTIONS = 40


@pytest.fixture(scope="module")
async def wide_pool(database: Database) -> AsyncIterator[Pool]:
    """As many connections as several busy processes have."""
    async with database.pool("recognition", size=CONNECTIONS) as opened:
        yield opened


async def unguarded(transaction: Connection, honouring_event_id: UUID, wanted: Places) -> bool:
    """Count and then write, as one does who has not thought of the others (a seeded defect)."""
    balance = await places.balance(transaction, honouring_event_id)
    if balance.left.volunteer < wanted.volunteer:
        return False
    await transaction.execute(
        """
        update place_balance set volunteer_taken = $2, standard_taken = $3
        where honouring_event_id = $1
        """,
        honouring_event_id,
        balance.taken.volunteer + wanted.volunteer,
        balance.taken.standard + wanted.standard,
    )
    return True


def assert_exactly_full(counted: Tally, seats: int) -> None:
    assert counted.seated == seats
    assert counted.taken == seats
    assert counted.tickets == seats


async def test_5000_answers_at_once_fill_1500_places_exactly(wide_pool: Pool) -> None:
    event_id, invitations = await crowd(wide_pool, 5_000, seats=1_500)
    answers = [(one, 1 + number % 2) for number, one in enumerate(invitations)]

    outcomes = Counter(await rush(wide_pool, answers))

    counted = await tally(wide_pool, event_id)
    assert_exactly_full(counted, 1_500)
    assert outcomes["accepted"] + outcomes["waitlisted"] == 5_000
    assert counted.seated + counted.waiting == 7_500


async def test_the_same_rush_oversells_without_the_guard(wide_pool: Pool) -> None:
    event_id, invitations = await crowd(wide_pool, 400, seats=100)

    await rush(wide_pool, [(one, 1) for one in invitations], take=unguarded)

    counted = await tally(wide_pool, event_id)
    assert counted.seated > 100
    with pytest.raises(AssertionError):
        assert_exactly_full(counted, 100)

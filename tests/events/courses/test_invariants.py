"""Whatever people do, in whatever order or all at once: places are right, nobody is passed by."""

import asyncio
import random
from collections.abc import AsyncIterator
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from shared.database import Pool, transaction
from tests.conftest import Database, rolled_back
from tests.events.courses import builders as a
from tests.events.courses.deeds import KINDS, broken, do

PEOPLE = 6
DEEDS = st.lists(
    st.tuples(st.sampled_from([*KINDS, "confirm"]), st.integers(0, PEOPLE - 1)),
    min_size=4,
    max_size=20,
)


@pytest.fixture(scope="module")
async def wide_pool(database: Database) -> AsyncIterator[Pool]:
    """As many connections as several busy processes have."""
    async with database.pool("events", size=20) as opened:
        yield opened


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(DEEDS)
async def test_any_deeds_in_any_order_keep_every_promise(
    pool: Pool, deeds: list[tuple[str, int]]
) -> None:
    async with rolled_back(pool) as opened:
        run_id = await a.opened(opened, minimum=1, maximum=2)
        people = [await a.requested(opened, run_id, number) for number in range(PEOPLE)]
        for kind, number in deeds:
            await do(opened, run_id, people[number], kind)

            assert await broken(opened, run_id) == []


async def test_many_deeds_at_once_keep_every_promise_and_never_block_each_other(
    wide_pool: Pool,
) -> None:
    dice = random.Random(7)  # noqa: S311 - the same deeds every time are the point
    async with transaction(wide_pool) as opened:
        run_id = await a.opened(opened, minimum=1, maximum=5)
        people = [await a.requested(opened, run_id, number) for number in range(30)]

    async def act(registration_id: UUID, kind: str) -> None:
        async with transaction(wide_pool) as begun:
            await do(begun, run_id, registration_id, kind)

    for _ in range(6):
        deeds = [(dice.choice(people), dice.choice(KINDS)) for _ in range(100)]
        await asyncio.gather(*(act(one, kind) for one, kind in deeds))
        async with wide_pool.acquire() as connection:
            assert await broken(connection, run_id) == []

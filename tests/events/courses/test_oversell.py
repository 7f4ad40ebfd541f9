"""A thousand register at the same moment: exactly the maximum gets a place."""

import asyncio
from collections.abc import AsyncIterator
from uuid import UUID

import msgspec
import pytest

from services.events.courses.commands.confirm_registration import (
    ConfirmRegistration,
    confirm_registration,
)
from services.events.courses.placing import Take
from services.events.courses.store import places
from shared.database import Connection, Pool, transaction
from tests.conftest import Database
from tests.events.courses import builders as a

CONNECTIONS = 40


class Tally(msgspec.Struct, frozen=True):
    """How a run stands, counted one by one."""

    registered: int
    waiting: int
    taken: int


@pytest.fixture(scope="module")
async def wide_pool(database: Database) -> AsyncIterator[Pool]:
    """As many connections as several busy processes have."""
    async with database.pool("events", size=CONNECTIONS) as opened:
        yield opened


async def unguarded(transaction: Connection, course_run_id: UUID, wanted: int) -> bool:
    """Count and then write, as one does who has not thought of the others (a seeded defect)."""
    balance = await places.balance(transaction, course_run_id)
    if balance.left < wanted:
        return False
    await transaction.execute(
        "update course_place_balance set taken = $2 where course_run_id = $1",
        course_run_id,
        balance.taken + wanted,
    )
    return True


async def crowd(pool: Pool, count: int, maximum: int) -> tuple[UUID, list[UUID]]:
    """A run with so many places, and so many registrations that wait for their confirmation."""
    async with transaction(pool) as opened:
        run_id = await a.opened(opened, minimum=1, maximum=maximum)
        rows = await opened.fetch(
            """
            insert into course_registration (course_run_id, name, email, consent)
            select $1, 'Jemand', 'person' || number || '@example.org', '1'
            from generate_series(1, $2) as number
            returning course_registration_id
            """,
            run_id,
            count,
        )
        return run_id, [row[0] for row in rows]


async def rush(
    pool: Pool, run_id: UUID, registration_ids: list[UUID], take: Take = places.take
) -> None:
    """Have all of them confirm at once."""

    async def confirm(registration_id: UUID) -> None:
        command = ConfirmRegistration(course_registration_id=registration_id, course_run_id=run_id)
        async with transaction(pool) as opened:
            await confirm_registration(opened, command, a.NOW, take=take)

    await asyncio.gather(*map(confirm, registration_ids))


async def tally(pool: Pool, run_id: UUID) -> Tally:
    row = await pool.fetchrow(
        """
        select
            count(*) filter (where state = 'registered'),
            count(*) filter (where state = 'waitlisted'),
            (select taken from course_place_balance where course_run_id = $1)
        from course_registration where course_run_id = $1
        """,
        run_id,
    )
    assert row is not None
    return Tally(*row)


async def test_1000_confirmations_at_once_fill_200_places_exactly(wide_pool: Pool) -> None:
    run_id, registration_ids = await crowd(wide_pool, 1_000, maximum=200)

    await rush(wide_pool, run_id, registration_ids)

    assert await tally(wide_pool, run_id) == Tally(registered=200, waiting=800, taken=200)


async def test_the_same_rush_oversells_without_the_guard(wide_pool: Pool) -> None:
    run_id, registration_ids = await crowd(wide_pool, 400, maximum=100)

    await rush(wide_pool, run_id, registration_ids, take=unguarded)

    assert (await tally(wide_pool, run_id)).registered > 100

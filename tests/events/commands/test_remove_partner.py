"""A partner can be let go while its items are still being taken."""

import asyncio
from datetime import UTC, datetime

from services.events.commands.remove_partner import RemovePartner, remove_partner
from services.events.ingest.batch import Receipt
from services.events.store.events import find_event
from services.events.store.partners import find_partner
from shared.database import Pool, transaction
from tests.events.partners import coming, registered, take
from tests.waiting import until

NOW = datetime.now(UTC)


async def are_waiting(pool: Pool, count: int) -> bool:
    found: int = await pool.fetchval(
        "select count(*) from pg_stat_activity where wait_event_type = 'Lock'"
        " and datname = current_database()"
    )
    return found == count


async def test_a_partner_goes_while_its_items_are_being_taken(pool: Pool) -> None:
    """Both take the partner before its events: otherwise each waits for what the other has."""
    async with transaction(pool) as opened:
        partner = await registered(opened)
        [receipt] = await take(opened, partner, [coming(1)], NOW)
    event_id = receipt.calendar_event_id
    assert event_id is not None

    async def take_again() -> None:
        async with transaction(pool) as opened:
            await take(opened, partner, [coming(1, title="Anders")], NOW)

    async def remove() -> None:
        async with transaction(pool) as opened:
            await remove_partner(opened, RemovePartner(partner.name, "delete"))

    async with transaction(pool) as editor:
        await editor.execute(
            "select from calendar_event where calendar_event_id = $1 for update", event_id
        )
        taking = asyncio.create_task(take_again())
        await until(lambda: are_waiting(pool, 1))
        removing = asyncio.create_task(remove())
        await until(lambda: are_waiting(pool, 2))
    await asyncio.gather(taking, removing)

    async with pool.acquire() as connection:
        assert await find_partner(connection, partner.name) is None
        assert await find_event(connection, event_id) is None


async def test_what_comes_after_a_partner_has_gone_goes_with_it(pool: Pool) -> None:
    async with transaction(pool) as opened:
        partner = await registered(opened)
        await remove_partner(opened, RemovePartner(partner.name, "keep"))

        assert await take(opened, partner, [coming(1)], NOW) == []


async def test_two_workers_that_take_cancellations_do_not_wait_for_each_other(pool: Pool) -> None:
    async with transaction(pool) as opened:
        partner = await registered(opened)
        await take(opened, partner, [coming(1), coming(2)], NOW)

    async def call_off(number: int) -> list[Receipt]:
        async with transaction(pool) as opened:
            return await take(opened, partner, [coming(number, status="cancelled")], NOW)

    async with transaction(pool) as other:
        await other.execute("select from partner where name = $1 for share", partner.name)
        taking = [asyncio.create_task(call_off(number)) for number in (1, 2)]
        await until(lambda: are_waiting(pool, 2))
    told = await asyncio.gather(*taking)

    assert [receipt.outcome for [receipt] in told] == ["accepted", "accepted"]

"""Measures how many simple items a second a partner's full stream becomes feeds' bytes."""

import asyncio
import json
import time
from collections.abc import Sequence
from typing import Final

from nats.aio.msg import Msg
from nats.js import JetStreamContext

from bench.figures import Figure
from bench.items import FAIRS, Sender, sender
from bench.system import LOOK_SECONDS, System, until
from deploy.nats.streams import INGEST_DURABLE, partner_stream
from services.events.ingest.sharing import ALONE
from services.events.store.partners import find_partner, forget_partner
from shared.database import Pool, transaction

ITEMS: Final = 10_000
ROUNDS: Final = 3
TOGETHER: Final = 256
"""Items on their way to the stream at a time."""
PER_SECOND: Final = 2_000
WORKER: Final = "events-worker"
OURS: Final = "flood"
BARE: Final = "bare"


async def measure(system: System) -> list[Figure]:
    """Return how fast the worker takes what waits in a stream, beside a loop that only keeps it."""
    async with (
        system.pool("events", size=2) as pool,
        sender(system, OURS) as ours,
        sender(system, BARE) as bare,
    ):
        await _let_alone(pool)
        await system.make("events", "create table bare_item (item_id text, title text, body bytea)")
        rounds = [
            (await _ours(system, pool, ours, number), await _bare(system, pool, bare, number))
            for number in range(ROUNDS)
        ]
    (rate, cpu_ms), best_bare = max(one for one, _ in rounds), max(one for _, one in rounds)
    return [
        Figure(
            what=f"{ITEMS:,} simple items that wait in a stream, until feeds have them",
            value=rate,
            unit="items/s",
            bound=best_bare,
            bound_is="items/s, fetched, kept by one insert a batch, acknowledged",
            cpu_ms=cpu_ms,
            budget=f"≥ {PER_SECOND:,}/s",
            is_kept=rate >= PER_SECOND,
        )
    ]


async def _let_alone(pool: Pool) -> None:
    """Have the worker read one of the streams no longer, so that the bare loop can."""
    async with transaction(pool) as opened:
        found = await find_partner(opened, BARE)
        if found is None:
            raise LookupError(BARE)
        await forget_partner(opened, found.partner_id)


async def _ours(system: System, pool: Pool, partner: Sender, number: int) -> tuple[float, float]:
    """Return items a second, and the milliseconds of the worker's processor time for one."""
    written = "select count(*) from event_ical"
    before = await pool.fetchval(written)
    with system.paused(WORKER):
        await _fill(partner, number)
    cpu, began = system.cpu_seconds(WORKER), time.perf_counter()

    async def is_there() -> bool:
        count: int = await pool.fetchval(written)
        return bool(count >= before + ITEMS)

    await until(is_there, "not all items have become events")
    seconds = time.perf_counter() - began
    return ITEMS / seconds, (system.cpu_seconds(WORKER) - cpu) * 1_000 / ITEMS


async def _bare(system: System, pool: Pool, partner: Sender, number: int) -> float:
    await _fill(partner, number)
    async with system.bus_client("events") as events:
        waiting = await events.jetstream().pull_subscribe_bind(
            INGEST_DURABLE, stream=partner_stream(BARE)
        )
        began = time.perf_counter()
        await _drain(waiting, pool)
        return ITEMS / (time.perf_counter() - began)


async def _drain(waiting: JetStreamContext.PullSubscription, pool: Pool) -> None:
    left = ITEMS
    while left:
        messages = await waiting.fetch(min(ALONE, left), timeout=LOOK_SECONDS * 100)
        await _keep(pool, messages)
        for message in messages:
            await message.ack()
        left -= len(messages)


async def _keep(pool: Pool, messages: Sequence[Msg]) -> None:
    """Do the least that keeping items takes."""
    bodies = [json.loads(message.data) for message in messages]
    async with pool.acquire() as connection, connection.transaction():
        await connection.execute(
            "insert into bare_item select * from unnest($1::text[], $2::text[], $3::bytea[])",
            [body["id"] for body in bodies],
            [body["title"] for body in bodies],
            [message.data for message in messages],
        )


async def _fill(partner: Sender, number: int) -> None:
    """Publish the items of one round, and return when the stream has all of them on disk."""
    for first in range(number * ITEMS, (number + 1) * ITEMS, TOGETHER):
        some = range(first, min(first + TOGETHER, (number + 1) * ITEMS))
        await asyncio.gather(*(partner.publish(FAIRS.item(item)) for item in some))

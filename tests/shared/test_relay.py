"""The relay publishes every fact, in order, and once, whatever dies in between."""

import asyncio
import os
import sys
from collections.abc import AsyncIterator
from uuid import uuid4

import pytest
from nats.aio.client import Client

import shared.relay
from deploy.nats import streams
from shared import failpoints, outbox
from shared.contracts.registry import PersonRegistered
from shared.database import Pool
from shared.database import transaction as begin
from shared.relay import MOST_IN_BATCH, PublishFailed, Relay, publish
from tests.conftest import ROOT, Bus, Database
from tests.waiting import until

RELAY_ONCE = """
import asyncio, sys
from nats.aio.client import Client
from shared.database import open_pool
from shared.relay import Relay

async def main(url, nats_url, credentials):
    pool = await open_pool(url, application_name="test-relay")
    client = Client()
    await client.connect(nats_url, user_credentials=credentials, inbox_prefix=b"_INBOX_registry")
    await Relay("registry", pool, client, url).publish_some()

asyncio.run(main(*sys.argv[1:]))
"""


@pytest.fixture
async def client(nats: Bus) -> AsyncIterator[Client]:
    """Registry's own connection."""
    async with nats.client("registry") as opened:
        yield opened


@pytest.fixture(autouse=True)
async def empty(pool: Pool, nats: Bus) -> None:
    """Begin with an empty outbox and an empty stream."""
    await pool.execute("delete from outbox")
    async with nats.client("provisioner") as provisioner:
        await provisioner.jetstream().purge_stream(streams.FACTS)


async def record(pool: Pool, many: int) -> list[str]:
    """Record facts about `many` new people and return their ids."""
    people = [uuid4() for _ in range(many)]
    async with begin(pool) as opened:
        await outbox.record(opened, *(PersonRegistered(person_id=one, version=1) for one in people))
    return [str(one) for one in people]


async def stored(nats: Bus) -> list[str]:
    """Return the aggregates of all facts in the stream, in its order."""
    async with nats.client("provisioner") as provisioner:
        jetstream = provisioner.jetstream()
        state = (await jetstream.stream_info(streams.FACTS)).state
        found = []
        for sequence in range(state.first_seq, state.last_seq + 1):
            message = await jetstream.get_msg(streams.FACTS, sequence)
            found.append((message.headers or {})["ce-subject"])
        return found


async def unpublished(pool: Pool) -> int:
    """Return how many facts wait for the relay."""
    return int(await pool.fetchval("select count(*) from outbox where published_at is null"))


async def test_facts_reach_the_stream_in_the_order_of_their_recording(
    nats: Bus, pool: Pool, client: Client
) -> None:
    people = await record(pool, 50)

    await Relay("registry", pool, client, "").publish_some()

    assert await stored(nats) == people
    assert await unpublished(pool) == 0


async def test_more_than_a_batch_goes_out_in_several(pool: Pool, client: Client) -> None:
    await record(pool, MOST_IN_BATCH + 1)
    relay = Relay("registry", pool, client, "")

    published = [await relay.publish_some(), await relay.publish_some(), await relay.publish_some()]

    assert published == [MOST_IN_BATCH, 1, 0]


async def test_a_batch_that_is_partly_stored_is_completed_without_a_second_copy(
    nats: Bus, pool: Pool, client: Client
) -> None:
    people = await record(pool, 10)
    async with begin(pool) as opened:
        await publish(client, (await outbox.claim_unpublished(opened, 10))[:4])

    await Relay("registry", pool, client, "").publish_some()

    assert await stored(nats) == people


@pytest.mark.parametrize("failpoint", ["relay.after_claim", "relay.after_publish"])
async def test_a_relay_that_is_killed_loses_and_doubles_nothing(
    failpoint: str, nats: Bus, pool: Pool, client: Client, database: Database
) -> None:
    people = await record(pool, 20)
    credentials = nats.accounts.credentials_file("registry")
    killed = await asyncio.create_subprocess_exec(
        sys.executable,
        "-c",
        RELAY_ONCE,
        database.url("registry"),
        nats.server.url,
        str(credentials),
        env={**os.environ, failpoints.VARIABLE: failpoint},
        cwd=ROOT,
    )
    await killed.wait()

    relay = Relay("registry", pool, client, "")
    await until(lambda: _all_published_by(relay, pool))

    assert killed.returncode == -9
    assert await stored(nats) == people
    assert await unpublished(pool) == 0


async def test_without_a_stream_the_facts_stay(nats: Bus, pool: Pool, client: Client) -> None:
    people = await record(pool, 5)
    async with nats.client("provisioner") as provisioner:
        await provisioner.jetstream().delete_stream(streams.FACTS)
        with pytest.raises(PublishFailed):
            await Relay("registry", pool, client, "").publish_some()
        left = await unpublished(pool)
        await streams.provision(provisioner)

    await Relay("registry", pool, client, "").publish_some()

    assert left == len(people)
    assert await stored(nats) == people


async def test_a_lost_stream_is_published_again(nats: Bus, pool: Pool, client: Client) -> None:
    people = await record(pool, 5)
    relay = Relay("registry", pool, client, "")
    await relay.publish_some()
    async with nats.client("provisioner") as provisioner:
        await provisioner.jetstream().delete_stream(streams.FACTS)
        await streams.provision(provisioner)

    async with begin(pool) as opened:
        again = await outbox.republish(opened)
    await relay.publish_some()

    assert again == len(people)
    assert await stored(nats) == people


async def test_only_one_relay_leads_and_another_takes_over(
    nats: Bus, pool: Pool, client: Client, database: Database
) -> None:
    relays = [
        asyncio.create_task(Relay("registry", pool, client, database.url("registry")).run())
        for _ in range(2)
    ]
    first = await record(pool, 3)
    await until(lambda: _all_published(pool))

    relays[0].cancel()
    second = await record(pool, 3)
    await until(lambda: _all_published(pool))

    relays[1].cancel()
    assert await stored(nats) == [*first, *second]


async def test_what_comes_soon_after_a_batch_goes_out_together(
    pool: Pool, client: Client, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shared.relay, "GATHER_SECONDS", 2.0)
    running = asyncio.create_task(Relay("registry", pool, client, database.url("registry")).run())
    await record(pool, 1)
    await until(lambda: _all_published(pool))

    for _ in range(3):
        await record(pool, 1)
    await until(lambda: _all_published(pool))

    running.cancel()
    batches = await pool.fetch("select count(*) from outbox group by xmin::text order by 1")
    assert [batch["count"] for batch in batches] == [1, 3]


async def _all_published_by(relay: Relay, pool: Pool) -> bool:
    await relay.publish_some()
    return await _all_published(pool)


async def _all_published(pool: Pool) -> bool:
    return await unpublished(pool) == 0

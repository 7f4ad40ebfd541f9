"""A worker is killed at every point between a fact's arrival and its acknowledgement."""

import asyncio
import os
import subprocess
import sys
from collections.abc import AsyncIterator
from uuid import UUID, uuid4

import pytest
from nats.js.api import ConsumerConfig

from deploy.nats import permissions, streams
from shared import failpoints, outbox
from shared.contracts.registry import PersonRegistered
from shared.database import Pool, transaction
from shared.relay import Relay
from tests.conftest import ROOT, Bus, Database
from tests.waiting import until

ACK_WAIT_SECONDS = 1
MANY = 40

WORKER = """
import asyncio, sys
from nats.aio.client import Client
from shared import outbox
from shared.broker import Puller, Subscriptions
from shared.consumer import Consumer
from shared.contracts.registry import PersonChanged, PersonRegistered
from shared.database import open_pool

heard = Subscriptions("registry")

@heard.on(PersonRegistered)
async def change(transaction, facts):
    for fact in facts:
        await transaction.execute("insert into effect values ($1)", fact.person_id)
    await outbox.record(
        transaction, *(PersonChanged(person_id=fact.person_id, version=2) for fact in facts)
    )

async def main(url, nats_url, credentials):
    pool = await open_pool(url, application_name="test-worker")
    client = Client()
    await client.connect(nats_url, user_credentials=credentials, inbox_prefix=b"_INBOX_registry")
    await Puller(client, "registry", Consumer(pool, heard).take).run()

asyncio.run(main(*sys.argv[1:]))
"""


@pytest.fixture(scope="module", autouse=True)
async def effects(database: Database) -> None:
    """A table in which a lost or a second effect would show."""
    async with database.postgres.server_connection(database.name) as superuser:
        await superuser.execute("create table registry.effect (person_id uuid)")
        await superuser.execute("grant select, insert on registry.effect to registry_app")


@pytest.fixture(scope="module", autouse=True)
async def impatient(nats: Bus) -> AsyncIterator[None]:
    """Have unacknowledged facts come again after a second instead of thirty."""
    async with nats.client(permissions.PROVISIONER) as provisioner:
        jetstream = provisioner.jetstream()
        known = (await jetstream.consumer_info(streams.FACTS, "registry")).config
        known.ack_wait = ACK_WAIT_SECONDS
        await jetstream.add_consumer(streams.FACTS, ConsumerConfig(**known.__dict__))
        yield


def start_worker(nats: Bus, database: Database, failpoint: str) -> subprocess.Popen[bytes]:
    """Start a consumer that dies at the failpoint, or never where it is empty."""
    credentials = nats.accounts.credentials_file("registry")
    return subprocess.Popen(
        [sys.executable, "-c", WORKER, database.url("registry"), nats.server.url, credentials],
        env={**os.environ, failpoints.VARIABLE: failpoint},
        cwd=ROOT,
    )


async def say(nats: Bus, pool: Pool) -> list[UUID]:
    """Publish facts about new people as the relay does."""
    people = [uuid4() for _ in range(MANY)]
    async with transaction(pool) as opened:
        await outbox.record(opened, *(PersonRegistered(person_id=one, version=1) for one in people))
    async with nats.client("registry") as client:
        while await Relay("registry", pool, client, "").publish_some():
            pass
    return people


async def counts(pool: Pool, people: list[UUID]) -> list[tuple[int, int]]:
    """Return for each person how many effects and how many facts that followed there are."""
    rows = await pool.fetch(
        """
        select
            (select count(*) from effect where effect.person_id = person.person_id),
            (
                select count(*) from outbox
                where aggregate_id = person.person_id and aggregate_version = 2
            )
        from unnest($1::uuid[]) as person (person_id)
        """,
        people,
    )
    return [(row[0], row[1]) for row in rows]


@pytest.mark.parametrize(
    "failpoint",
    [
        "consumer.after_inbox",
        "transaction.before_commit",
        "transaction.after_commit",
        "consumer.before_ack",
    ],
)
async def test_a_worker_killed_on_the_way_loses_and_doubles_nothing(
    failpoint: str, nats: Bus, pool: Pool, database: Database
) -> None:
    people = await say(nats, pool)
    killed = start_worker(nats, database, failpoint)
    exit_code = await asyncio.to_thread(killed.wait)

    worker = start_worker(nats, database, "")
    await until(lambda: _is_drained(nats))
    worker.kill()
    worker.wait()

    assert exit_code == -9
    assert await counts(pool, people) == [(1, 1)] * MANY


async def _is_drained(nats: Bus) -> bool:
    async with nats.client(permissions.PROVISIONER) as provisioner:
        info = await provisioner.jetstream().consumer_info(streams.FACTS, "registry")
        return not info.num_pending and not info.num_ack_pending

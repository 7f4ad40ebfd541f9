"""Recognition's two processes start from the environment, work, and end cleanly."""

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import httpx

from deploy.local.ports import free_port
from shared import outbox
from shared.answering import Answering
from shared.asks import Asks
from shared.contracts.recognition import Guests
from shared.contracts.registry import People, PersonRegistered
from shared.database import Pool, transaction
from shared.relay import Relay
from tests.conftest import Bus, Database
from tests.recognition.honouring import builders as a
from tests.recognition.honouring.settings import ticket_key
from tests.recognition.registry import Registry, answering, person
from tests.visitor import PUBLIC_URL, STAFF_PUBLIC_KEY
from tests.waiting import until


@asynccontextmanager
async def running(
    kind: str, database: Database, nats: Bus, **more: str
) -> AsyncIterator[asyncio.subprocess.Process]:
    """Run `python -m services.recognition <kind>` until the block ends; it must end by itself."""
    variables = {
        "EHRENSACHE_DATABASE_URL": database.url("recognition"),
        "EHRENSACHE_NATS_URL": nats.server.url,
        "EHRENSACHE_NATS_CREDENTIALS": nats.credentials("recognition"),
        "EHRENSACHE_PUBLIC_URL": PUBLIC_URL,
        "EHRENSACHE_STAFF_TOKEN_PUBLIC_KEY": STAFF_PUBLIC_KEY,
        "EHRENSACHE_TICKET_PRIVATE_KEY": ticket_key(),
    }
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "services.recognition",
        kind,
        env={**os.environ, **variables, **more},
        stderr=asyncio.subprocess.DEVNULL,
    )
    try:
        yield process
    finally:
        process.send_signal(signal.SIGTERM)
        assert await process.wait() == 0


async def answers(address: str) -> bool:
    """Tell whether an address answers 200."""
    async with httpx.AsyncClient() as client:
        try:
            return (await client.get(address)).status_code == 200
        except httpx.TransportError:
            return False


async def test_the_worker_hears_registry_and_answers_the_notifier(
    database: Database, nats: Bus, pool: Pool
) -> None:
    registry, grit = Registry(), person()
    registry.know(grit)
    async with transaction(pool) as opened:
        event_id, _ = await a.invited(opened, 1)
        invitation_id = await opened.fetchval(
            "select invitation_id from invitation where honouring_event_id = $1", event_id
        )

    async with (
        answering(nats, "registry", [Answering(People, registry.read_people)]),
        running("worker", database, nats),
        database.pool("registry") as registry_pool,
        nats.client("registry") as registry_client,
        nats.client("notifier") as notifier,
    ):
        async with transaction(registry_pool) as opened:
            fact = PersonRegistered(person_id=grit.person_id, version=1)
            await outbox.record(opened, fact)
        relay = Relay("registry", registry_pool, registry_client, "")
        await relay.publish_some()
        known = "select given_name from known_person where person_id = $1"
        await until(lambda: pool.fetchval(known, grit.person_id))
        (guest,) = await Asks(notifier)(Guests, [invitation_id])

    assert guest.invitation_id == invitation_id


async def test_the_api_serves_pages(database: Database, nats: Bus) -> None:
    port = free_port()
    address = f"http://127.0.0.1:{port}"

    async with running("api", database, nats, EHRENSACHE_HTTP_PORT=str(port)):
        await until(lambda: answers(f"{address}/readyz"))
        async with httpx.AsyncClient() as client:
            link = await client.get(f"{address}/v/{'A' * 32}", headers={"accept": "text/html"})

    assert link.status_code == 404
    assert "nicht bekannt" in link.text

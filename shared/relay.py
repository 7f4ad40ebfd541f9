"""Publishes a service's outbox to JetStream: in order, synced, by one process at a time."""

import asyncio
from collections.abc import Sequence
from contextlib import suppress
from typing import Any
from uuid import uuid4

import asyncpg
import msgspec
import nats.errors
from nats.aio.client import Client
from nats.js.errors import Error as JetStreamError

from shared import outbox
from shared.contracts.envelope import Envelope, to_headers
from shared.database import COMMAND_SECONDS, CONNECTION_GONE, Pool, transaction
from shared.failpoints import reached
from shared.outbox import Recorded
from shared.telemetry import RELAYED, describe, log

MOST_IN_BATCH = 1_000
"""Source: NATS ADR-50, the server's limit for an atomic batch."""
GATHER_SECONDS = 0.02
"""How long facts gather after a batch that was not full: each batch costs a transaction and a sync
to disk here and again at each consumer, however small it is. A fact that comes alone does not wait.
"""
PUBLISH_SECONDS = 10.0
POLL_SECONDS = 1.0
DUPLICATE_IN_BATCH = 10201
"""Source: NATS server errors.json, JSAtomicPublishContainsDuplicateMessageErr."""


class PublishFailed(Exception):
    """The stream did not take a batch, or nobody knows whether it did; it is tried again."""


class _BatchError(msgspec.Struct):
    err_code: int = 0
    description: str = ""


class _BatchAck(msgspec.Struct):
    error: _BatchError | None = None
    count: int = 0


class Relay:
    """Publishes what stands in one service's outbox while this process is the leader."""

    def __init__(self, service: str, pool: Pool, client: Client, database_url: str) -> None:
        self._service = service
        self._pool = pool
        self._client = client
        self._database_url = database_url
        self._woken = asyncio.Event()

    async def run(self) -> None:
        """Lead, publish, and begin again whenever the database or the stream was away."""
        while True:
            try:
                await self._lead()
            except (OSError, asyncpg.PostgresError, *CONNECTION_GONE) as error:
                log().warning("relay_waits_for_database", error=describe(error))
            await asyncio.sleep(POLL_SECONDS)

    async def _lead(self) -> None:
        connection = await asyncpg.connect(
            self._database_url, timeout=5, command_timeout=COMMAND_SECONDS
        )
        try:
            await connection.add_listener(f"outbox_{self._service}", self._wake)
            while not connection.is_closed():
                if await self._is_leader(connection):
                    await self._publish_all()
                await self._pause()
        finally:
            await connection.close(timeout=1)

    async def _is_leader(self, connection: "asyncpg.Connection[asyncpg.Record]") -> bool:
        """Take or keep the lock of this schema's relay; it ends with the connection."""
        return bool(
            await connection.fetchval(
                """
                select exists (
                    select from pg_locks
                    where locktype = 'advisory' and pid = pg_backend_pid()
                ) or pg_try_advisory_lock(hashtext('relay'), hashtext(current_schema))
                """
            )
        )

    def _wake(self, *_: Any) -> None:
        self._woken.set()

    async def _pause(self) -> None:
        with suppress(TimeoutError):
            async with asyncio.timeout(POLL_SECONDS):
                await self._woken.wait()
        self._woken.clear()

    async def _publish_all(self) -> None:
        try:
            while published := await self.publish_some():
                if published < MOST_IN_BATCH:
                    await asyncio.sleep(GATHER_SECONDS)
        except PublishFailed as error:
            RELAYED.labels("unknown").inc()
            log().warning("relay_waits_for_stream", error=str(error))

    async def publish_some(self) -> int:
        """Publish up to one batch and mark it, in one transaction.

        Returns:
            How many facts were published; 0 if there were none.

        Raises:
            PublishFailed: nothing was marked; the same rows are tried again with the same ids.
        """
        async with transaction(self._pool) as opened:
            facts = await outbox.claim_unpublished(opened, MOST_IN_BATCH)
            if not facts:
                return 0
            reached("relay.after_claim")
            await publish(self._client, facts)
            reached("relay.after_publish")
            await outbox.mark_published(opened, [fact.position for fact in facts])
        RELAYED.labels("published").inc(len(facts))
        return len(facts)


async def publish(client: Client, facts: Sequence[Recorded]) -> None:
    """Have the stream store these facts, synced to disk, each exactly once.

    Raises:
        PublishFailed: unknown whether they are stored; publishing them again is safe.
    """
    try:
        if len(facts) == 1 or not await _publish_atomically(client, facts):
            await _publish_singly(client, facts)
    except (nats.errors.Error, JetStreamError, TimeoutError, OSError) as error:
        raise PublishFailed(repr(error)) from error


async def _publish_atomically(client: Client, facts: Sequence[Recorded]) -> bool:
    """Publish one atomic batch; False if some of it is stored already.

    Source: NATS ADR-50. The records are synced together before the commit is acknowledged.
    """
    batch_id = str(uuid4())
    last = len(facts)
    for number, fact in enumerate(facts, start=1):
        headers = _headers(fact)
        headers["Nats-Batch-Id"] = batch_id
        headers["Nats-Batch-Sequence"] = str(number)
        if number < last:
            await client.publish(fact.subject, fact.body, headers=headers)
    headers["Nats-Batch-Commit"] = "1"
    message = await client.request(
        fact.subject, fact.body, headers=headers, timeout=PUBLISH_SECONDS
    )
    ack = msgspec.json.decode(message.data, type=_BatchAck)
    if ack.error is None and ack.count == last:
        return True
    if ack.error is not None and ack.error.err_code == DUPLICATE_IN_BATCH:
        RELAYED.labels("duplicate").inc()
        return False
    raise PublishFailed(ack.error.description if ack.error else f"{ack.count} of {last} stored")


async def _publish_singly(client: Client, facts: Sequence[Recorded]) -> None:
    """Publish one after the other without waiting in between; stored ones are left out."""
    stream = client.jetstream()
    acks = [
        await stream.publish_async(fact.subject, fact.body, headers=_headers(fact))
        for fact in facts
    ]
    async with asyncio.timeout(PUBLISH_SECONDS):
        await asyncio.gather(*acks)


def _headers(fact: Recorded) -> dict[str, str]:
    return to_headers(
        Envelope(
            fact_id=fact.fact_id,
            subject=fact.subject,
            aggregate_id=fact.aggregate_id,
            recorded_at=fact.recorded_at,
            traceparent=fact.traceparent,
        )
    )

"""Turns a fetched batch of messages into one transaction: inbox, effects, outbox, commit, ack."""

import asyncio
import time
from collections.abc import Sequence
from contextlib import suppress
from itertools import groupby
from uuid import UUID

import asyncpg
import msgspec
from nats.aio.msg import Msg

from shared import dead_letters, inbox
from shared.asks import AskFailed
from shared.broker import Subscriptions
from shared.contracts.envelope import Envelope, Unreadable, decode, from_headers
from shared.contracts.fact import Fact
from shared.database import CONNECTION_GONE, Pool, transaction
from shared.failpoints import reached
from shared.telemetry import (
    CONSUME_SECONDS,
    CONSUMED,
    LAST_PROGRESS,
    describe,
    log,
    trace_id,
    tracing,
)

RETRY_SECONDS = (1, 5, 30, 120, 600)
"""After each failure but the last, how long a fact waits for its next try."""
WAIT_SECONDS = 1
HEARTBEAT_SECONDS = 10
"""A third of the durable's ack_wait."""

OUT_OF_ORDER = (
    OSError,
    TimeoutError,
    AskFailed,
    *CONNECTION_GONE,
    asyncpg.exceptions.OperatorInterventionError,
    asyncpg.exceptions.InsufficientResourcesError,
)
"""What says that something else is out of order and not the fact: it is waited for."""


class Received(msgspec.Struct, frozen=True):
    """A message that has turned out to be a fact."""

    message: Msg
    envelope: Envelope
    fact: Fact


class Consumer:
    """Takes batches for one service. One batch at a time: that keeps each aggregate's order."""

    def __init__(
        self,
        pool: Pool,
        subscriptions: Subscriptions,
        retry_seconds: Sequence[float] = RETRY_SECONDS,
    ) -> None:
        self._pool = pool
        self._heard = subscriptions
        self._retry_seconds = retry_seconds
        self._service = subscriptions.service

    async def take(self, messages: Sequence[Msg]) -> None:
        """Have the batch's effects and acknowledge it; retry one by one what fails."""
        beating = asyncio.create_task(_keep_waiting(messages))
        try:
            with CONSUME_SECONDS.time():
                facts = await self._readable(messages)
                await self._take_together(facts)
        finally:
            beating.cancel()
            with suppress(asyncio.CancelledError):
                await beating
        LAST_PROGRESS.set(time.time())

    async def _readable(self, messages: Sequence[Msg]) -> list[Received]:
        received = []
        for message in messages:
            kind = self._heard.kinds.get(message.subject)
            if kind is None:
                await message.ack()
                continue
            try:
                envelope = from_headers(message.subject, message.headers)
                received.append(Received(message, envelope, decode(kind, message.data)))
            except Unreadable as error:
                await self._give_up(message, str(error))
        return received

    async def _take_together(self, facts: Sequence[Received]) -> None:
        while facts:
            try:
                await self._have_effects(facts)
            except asyncpg.QueryCanceledError as error:
                # The whole batch would take as long again; waiting for it would never end.
                await self._take_singly(facts, error)
                return
            except OUT_OF_ORDER as error:
                CONSUMED.labels("waiting").inc()
                log().warning("consumer_waits", error=describe(error), facts=len(facts))
                await asyncio.sleep(WAIT_SECONDS)
            except Exception as error:  # noqa: BLE001 - the edge: retried, then a dead letter
                await self._take_singly(facts, error)
                return
            else:
                await _acknowledge(facts)
                return

    async def _take_singly(self, facts: Sequence[Received], error: Exception) -> None:
        if len(facts) == 1:
            await self._retry_later(facts[0].message, error)
            return
        for fact in facts:
            await self._take_together([fact])

    async def _have_effects(self, facts: Sequence[Received]) -> None:
        async with transaction(self._pool) as opened:
            fresh = await inbox.take(
                opened, self._service, [fact.envelope.fact_id for fact in facts]
            )
            reached("consumer.after_inbox")
            runs = self._runs(_first_of_each(facts, fresh))
            for run in runs:
                await self._heard.handle(
                    opened,
                    [received.fact for received in run],
                    [received.envelope.traceparent for received in run],
                )
        reached("consumer.before_ack")
        CONSUMED.labels("duplicate").inc(len(facts) - len(fresh))
        CONSUMED.labels("done").inc(len(fresh))
        for run in runs:
            _log_taken(run)

    def _runs(self, facts: Sequence[Received]) -> list[list[Received]]:
        """Divide facts into runs for one handler, of one trace each unless it is silent."""

        def belongs_to(fact: Received) -> tuple[int, str]:
            subject = fact.envelope.subject
            is_silent = subject in self._heard.silent
            trace = "" if is_silent else trace_id(fact.envelope.traceparent)
            return id(self._heard.handlers[subject]), trace

        return [list(group) for _, group in groupby(facts, key=belongs_to)]

    async def _retry_later(self, message: Msg, error: Exception) -> None:
        deliveries = message.metadata.num_delivered
        is_last = deliveries > len(self._retry_seconds)
        pause = None if is_last else self._retry_seconds[deliveries - 1]
        log().error(
            "fact_failed",
            subject=message.subject,
            deliveries=deliveries,
            retry_seconds=pause,
            exc_info=error,
        )
        if pause is None:
            await self._give_up(message, describe(error))
            return
        CONSUMED.labels("retried").inc()
        await message.nak(delay=pause)

    async def _give_up(self, message: Msg, reason: str) -> None:
        letter = dead_letters.Undeliverable(
            consumer=self._service,
            fact_id=_readable_id(message),
            subject=message.subject,
            headers=message.headers or {},
            body=message.data,
            reason=reason,
            deliveries=message.metadata.num_delivered,
        )
        try:
            async with transaction(self._pool) as opened:
                await dead_letters.bury(opened, letter)
        except OUT_OF_ORDER as error:
            log().warning("dead_letter_waits", error=describe(error))
            await message.nak(delay=self._retry_seconds[0])
            return
        CONSUMED.labels("dead_letter").inc()
        log().error("fact_buried", subject=message.subject, reason=reason)
        await message.term()


def _first_of_each(facts: Sequence[Received], fresh: set[UUID]) -> list[Received]:
    """Keep the first message of every fresh fact: a batch may hold the same fact twice."""
    left = set(fresh)
    kept = []
    for fact in facts:
        if fact.envelope.fact_id in left:
            left.remove(fact.envelope.fact_id)
            kept.append(fact)
    return kept


def _log_taken(run: Sequence[Received]) -> None:
    """Write one line for a run, by which each trace in it is found."""
    subjects = sorted({received.envelope.subject for received in run})
    traces = list(dict.fromkeys(trace_id(received.envelope.traceparent) for received in run))
    others = {"trace_ids": traces} if len(traces) > 1 else {}
    with tracing(run[0].envelope.traceparent):
        log().info("facts_taken", subjects=subjects, facts=len(run), **others)


def _readable_id(message: Msg) -> UUID | None:
    with suppress(Unreadable):
        return from_headers(message.subject, message.headers).fact_id
    return None


async def _acknowledge(facts: Sequence[Received]) -> None:
    for fact in facts:
        await fact.message.ack()


async def _keep_waiting(messages: Sequence[Msg]) -> None:
    while True:
        await asyncio.sleep(HEARTBEAT_SECONDS)
        for message in messages:
            if not message.is_acked:
                await message.in_progress()

"""Reads a partner's stream: one batch is taken while the next is read and of the last is told."""

import asyncio
import time
from collections.abc import Iterator, Sequence
from contextlib import suppress
from typing import Final

import msgspec
import nats.errors
from nats.aio.client import Client
from nats.aio.msg import Msg
from nats.js import JetStreamContext
from prometheus_client import Counter

from services.events.ingest.batch import Arrival, Receipt
from services.events.ingest.intake import Intake
from services.events.ingest.model import Partner
from services.events.ingest.sharing import Sharing
from shared.failpoints import reached
from shared.pulling import pull

RESTED_SECONDS: Final = Counter(
    "ehrensache_partners_rested_seconds",
    "Seconds for which partners' loops paused because other partners sent too",
)
DURABLE: Final = "events"
FETCH_SECONDS: Final = 5.0
HEARTBEAT_SECONDS: Final = 10.0
"""A third of the durable's ack_wait."""
TURN_ITEMS: Final = 256
"""Items of one transaction, unless a single message holds more."""


class Fetched(msgspec.Struct, frozen=True):
    """Messages that were fetched together, and what was read in each of them."""

    messages: Sequence[Msg]
    arrivals: Sequence[Arrival]
    waiting: asyncio.Task[None]
    """Tells the server that they are still worked on."""


class PartnerStream:
    """What one partner publishes, on its way through three stages in the order of its stream.

    Each stage hands on to the next and waits when that one is not done, so no more than three
    batches are in memory.
    """

    def __init__(self, client: Client, intake: Intake, partner: Partner, sharing: Sharing) -> None:
        self._client = client
        self._intake = intake
        self._partner = partner
        self._sharing = sharing
        self._read: asyncio.Queue[Fetched] = asyncio.Queue(1)
        self._taken: asyncio.Queue[Sequence[Receipt]] = asyncio.Queue(1)

    async def run(self) -> None:
        """Work until it is cancelled.

        Raises:
            ExceptionGroup: a stage has failed; what was not acknowledged comes again.
        """
        stream = stream_of(self._partner)
        subscription = await self._client.jetstream().pull_subscribe_bind(DURABLE, stream=stream)
        try:
            async with asyncio.TaskGroup() as stages:
                stages.create_task(self._fetch_and_read(subscription, stages))
                stages.create_task(self._take_and_acknowledge())
                stages.create_task(self._tell())
        finally:
            self._sharing.leave(self._partner)
            with suppress(nats.errors.Error):
                await subscription.unsubscribe()

    async def _fetch_and_read(
        self, subscription: JetStreamContext.PullSubscription, stages: asyncio.TaskGroup
    ) -> None:
        while True:
            if messages := await _fetch(subscription, self._sharing.most(self._partner)):
                self._sharing.hear(self._partner)
                waiting = stages.create_task(_keep_waiting(messages))
                began = time.monotonic()
                arrivals = await self._intake.read(self._partner, messages)
                worked = time.monotonic() - began
                await self._read.put(Fetched(messages, arrivals, waiting))
                await self._rest(worked)

    async def _take_and_acknowledge(self) -> None:
        while True:
            batch = await self._read.get()
            for turn in turns(batch.arrivals):
                began = time.monotonic()
                receipts = await self._intake.take(self._partner, batch.arrivals[turn])
                reached("ingest.after_commit")
                for message in batch.messages[turn]:
                    await message.ack()
                await self._taken.put(receipts)
                await self._rest(time.monotonic() - began)
            batch.waiting.cancel()

    async def _rest(self, worked: float) -> None:
        seconds = self._sharing.rest(self._partner, worked)
        RESTED_SECONDS.inc(seconds)
        await asyncio.sleep(seconds)

    async def _tell(self) -> None:
        while True:
            await self._intake.teller.tell(await self._taken.get())


def stream_of(partner: Partner) -> str:
    """Return the name of the stream that only this partner fills."""
    return f"PARTNER_{partner.name.upper().replace('-', '_')}"


def turns(arrivals: Sequence[Arrival]) -> Iterator[slice]:
    """Yield the messages of one transaction after the other, each with a bounded number of items.

    Deciding on items keeps this process from everything else: between turns it is the others'.
    """
    first = count = 0
    for number, arrival in enumerate(arrivals):
        if number > first and count + len(arrival.outcomes) > TURN_ITEMS:
            yield slice(first, number)
            first, count = number, 0
        count += len(arrival.outcomes)
    if arrivals:
        yield slice(first, len(arrivals))


async def _fetch(subscription: JetStreamContext.PullSubscription, most: int) -> list[Msg]:
    try:
        return await pull(subscription, most, FETCH_SECONDS)
    except TimeoutError:
        return []


async def _keep_waiting(messages: Sequence[Msg]) -> None:
    while True:
        await asyncio.sleep(HEARTBEAT_SECONDS)
        for message in messages:
            if not message.is_acked:
                await message.in_progress()

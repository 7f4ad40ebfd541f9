"""Publishes what broken programs and attackers send, as a partner, and looks what is left standing.

`make hostile`, or `make hostile COUNT=100000`; a second number, of `python -m bench.hostile`, seeds
other messages. Ends with an error unless every message was taken
or has a reason, the worker is the same process and not much larger, and the feed can be read.
"""

import asyncio
import sys
import time
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import count, islice
from typing import Final

import msgspec
import nats
import uvloop
from icalendar import Calendar
from icalendar.cal import Component
from nats.aio.client import Client
from nats.aio.msg import Msg
from nats.js.errors import APIError

from bench.figures import percentile
from bench.items import HEADERS, run_operator
from bench.load import fetch
from bench.processes import cost
from bench.system import System, running, tell, until
from deploy.nats.permissions import PROVISIONER
from deploy.nats.streams import partner_stream
from services.events.ingest.item import Incoming
from services.events.ingest.reasons import HINTS
from tests.events.ingest.hostile import corpus

PARTNER: Final = "theater"
"""Whom the corpus names as its sender."""
WORKER: Final = "events-worker"
FEED: Final = "/kalender/alle.ics"
SEED: Final = 5_545
COUNT: Final = 1_000
"""Messages where none are asked for: about a minute."""
TOGETHER: Final = 100
"""Messages that are published at a time."""
MOST_WAITING: Final = 1_000
"""Messages without a receipt, beyond which no more are published."""
PURGE_AFTER: Final = 100
"""Times `TOGETHER` messages, with 9 kB each a third of what the stream holds."""
LOOK_SECONDS: Final = 0.05
TOO_LARGE: Final = 10_054
"""JetStream's code for a message that is larger than its stream takes."""
MOST_GROWTH_MB: Final = 50
ID: Final = "ce-id"
GOOD: Final = "Hoffest"
"""Title of an event with which nothing is wrong."""
UNTOLD: Final = frozenset({"not_stored", "not_read"})
"""What a message is refused for by our own mistakes."""
OUTCOMES: Final = frozenset({"accepted", "unchanged", "held", "quarantined"})


class NotStanding(RuntimeError):
    """Something did not survive; says what."""


class Told:
    """What the partner was told."""

    def __init__(self) -> None:
        self.waiting: set[str] = set()
        """The `ce-id` of every message of which nothing was told yet."""
        self.outcomes: Counter[str] = Counter()
        self.reasons: Counter[str] = Counter()

    async def note(self, message: Msg) -> None:
        """Note a receipt."""
        receipt = msgspec.json.decode(message.data)
        self.waiting.discard(receipt["message"])
        self.outcomes[receipt["outcome"]] += 1
        if receipt["outcome"] == "quarantined":
            self.reasons[receipt["reason"]] += 1

    async def are_few(self) -> bool:
        """Tell whether more messages may be on their way."""
        return len(self.waiting) <= MOST_WAITING

    async def are_none(self) -> bool:
        """Tell whether something was told of every message."""
        return not self.waiting


class Sender:
    """Publishes as the partner, no faster than it is told what became of what it has published."""

    def __init__(self, system: System, client: Client, told: Told) -> None:
        self.too_large = 0
        """Messages that were too large for the stream."""
        self._system, self._client, self._told = system, client, told

    async def send(self, messages: Iterator[tuple[int, Incoming]]) -> None:
        """Publish messages and wait until something was told of each."""
        for number in count(1):
            some = list(islice(messages, TOGETHER))
            await asyncio.gather(*(self._publish(*each) for each in some))
            if not some or number % PURGE_AFTER == 0:
                await until(self._told.are_none, "messages have no receipt")
                await self._purge()
            if not some:
                return
            await until(self._told.are_few, "messages have no receipt")

    async def _publish(self, number: int, message: Incoming) -> None:
        headers = {**message.headers}
        if ID in headers:
            headers[ID] = f"h-{number}"
        self._told.waiting.add(headers.get(ID, ""))
        try:
            await self._client.jetstream().publish("publish.event", message.body, headers=headers)
        except APIError as error:
            if error.err_code != TOO_LARGE:
                raise
            self.too_large += 1
            self._told.waiting.discard(headers.get(ID, ""))

    async def _purge(self) -> None:
        """Empty the stream, which keeps what was worked on for a month and has an end."""
        async with self._system.bus_client(PROVISIONER) as provisioner:
            await provisioner.jetstream().purge_stream(partner_stream(PARTNER))


async def main(messages: int, seed: int) -> None:
    """Send so many messages and check what they have done."""
    async with running() as system:
        file = system.stack.layout.root / f"{PARTNER}.creds"
        await run_operator(system.variables, "partner", "add", PARTNER, "--out", str(file))
        client = await nats.connect(system.stack.notes.nats_url, user_credentials=str(file))
        worker = system.stack.process(WORKER).pid
        told = Told()
        sender = Sender(system, client, told)
        await client.subscribe("receipts.>", cb=told.note)
        began, sent = time.perf_counter(), enumerate(corpus(seed, messages))
        # What the worker needs for work at all is not growth.
        await sender.send(islice(sent, messages // 5))
        small = cost(worker).together_mb
        delays: list[float] = []
        looking = asyncio.create_task(_look(system, delays))
        await sender.send(sent)
        looking.cancel()
        seconds, large = time.perf_counter() - began, cost(worker).together_mb
        await sender.send(iter([(messages, _good())]))
        await client.close()
        await until(lambda: _is_in_feed(system), "the good event does not stand in the feed")
        events = await _events_written(system)
        _check(system, told, worker, large - small)
    print(f"{messages:,} messages in {seconds:,.0f} s, {sender.too_large} too large for the stream")
    print(f"receipts: {dict(told.outcomes)}; {len(told.reasons)} different reasons")
    print(
        f"the worker answered within {percentile(delays, 0.5):.0f} ms, 99 of 100 times within "
        f"{percentile(delays, 0.99):.0f} ms, always within {max(delays):.0f} ms"
    )
    print(f"refused for their cost: {told.reasons['took_too_long']}")
    print(f"worker with its readers: {small:.0f} MB after a fifth, {large:.0f} MB at the end")
    print(f"{events:,} events written for feeds, all of them readable, and a good one in the feed")


async def _look(system: System, delays: list[float]) -> None:
    """Ask the worker again and again whether it lives; a message that keeps it busy delays that."""
    while True:
        answer = await fetch(system.port(WORKER), "/livez")
        delays += answer.demand(200).milliseconds
        await asyncio.sleep(LOOK_SECONDS)


async def _events_written(system: System) -> int:
    """Return how many events are ready for feeds, each of them read without an error."""
    async with system.pool("events", size=1) as pool:
        found = await pool.fetch("select vevent from event_ical")
    for row in found:
        _read(b"BEGIN:VCALENDAR\r\n" + row["vevent"] + b"END:VCALENDAR\r\n")
    return len(found)


async def _is_in_feed(system: System) -> bool:
    """Say whether the public feed holds the good event, among others that can all be read."""
    answer = (await fetch(system.port("events-api"), FEED, {})).demand(200)
    return any(event.get("SUMMARY") == GOOD for event in _read(answer.last_body))


def _read(document: bytes) -> list[Component]:
    events = Calendar.from_ical(document).walk("VEVENT")
    if broken := [event.errors for event in events if event.errors]:
        raise NotStanding(f"the calendar cannot be read: {broken}")
    return events


def _good() -> Incoming:
    """Return an event in a month, which has to stand in the feed whatever else was sent."""
    starts = datetime.now(UTC) + timedelta(days=30)
    body = {"id": "good", "title": GOOD, "starts": f"{starts:%Y-%m-%dT18:00}"}
    headers = {**HEADERS, ID: "", "ce-source": PARTNER}
    return Incoming(partner=PARTNER, headers=headers, body=msgspec.json.encode(body))


def _check(system: System, told: Told, worker: int, growth_mb: float) -> None:
    if system.stack.process(WORKER).pid != worker or not cost(worker).resident_mb:
        raise NotStanding("the worker has ended")
    if wrong := {*told.outcomes} - OUTCOMES | {*told.reasons} - {*HINTS} | {*told.reasons} & UNTOLD:
        raise NotStanding(f"outcomes that tell nothing: {wrong}")
    if growth_mb >= MOST_GROWTH_MB:
        raise NotStanding(f"the worker has grown by {growth_mb:.0f} MB")


if __name__ == "__main__":
    tell("the system starts")
    given = [int(argument) for argument in sys.argv[1:]]
    uvloop.run(main(*given, *(COUNT, SEED)[len(given) :]))

"""Publishes what broken programs and attackers send, as a partner, and looks what is left standing.

`make hostile`, or `make hostile COUNT=100000`. Ends with an error unless every message was taken
or has a reason, the worker is the same process and not much larger, and the feed can be read.
"""

import sys
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from itertools import islice
from typing import Final

import msgspec
import nats
import uvloop
from icalendar import Calendar
from icalendar.cal import Component
from nats.aio.client import Client
from nats.aio.msg import Msg
from nats.js.errors import APIError

from bench.load import fetch
from bench.partners import HEADERS, run_operator
from bench.processes import cost
from bench.system import System, running, tell, until
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
"""Messages on their way at a time."""
MOST_GROWTH_MB: Final = 50
ID: Final = "ce-id"
GOOD: Final = "Hoffest"
"""Title of an event with which nothing is wrong."""
UNTOLD: Final = frozenset({"not_stored"})
"""What a message is refused for by our own mistakes."""
OUTCOMES: Final = frozenset({"accepted", "unchanged", "held", "quarantined"})


class NotStanding(RuntimeError):
    """Something did not survive; says what."""


class Told:
    """What the partner was told."""

    def __init__(self) -> None:
        self.messages: set[str] = set()
        """The `ce-id` of every message of which something was told."""
        self.outcomes: Counter[str] = Counter()
        self.reasons: Counter[str] = Counter()

    async def note(self, message: Msg) -> None:
        """Note a receipt."""
        receipt = msgspec.json.decode(message.data)
        self.messages.add(receipt["message"])
        self.outcomes[receipt["outcome"]] += 1
        if receipt["outcome"] == "quarantined":
            self.reasons[receipt["reason"]] += 1


async def main(count: int) -> None:
    """Send `count` messages and check what they have done."""
    async with running() as system:
        file = system.stack.layout.root / f"{PARTNER}.creds"
        await run_operator(system.variables, "partner", "add", PARTNER, "--out", str(file))
        client = await nats.connect(system.stack.notes.nats_url, user_credentials=str(file))
        worker = system.stack.process(WORKER).pid
        told, too_large, began = Told(), 0, time.perf_counter()
        await client.subscribe("receipts.>", cb=told.note)
        messages = enumerate(corpus(SEED, count))
        # What the worker needs for work at all is not growth.
        too_large += await _send(client, told, list(islice(messages, count // 5)))
        small = cost(worker).together_mb
        for some in _batched(messages):
            too_large += await _send(client, told, some)
        seconds, large = time.perf_counter() - began, cost(worker).together_mb
        await _send(client, told, [(count, _good())])
        await client.close()
        await until(lambda: _is_in_feed(system), "the good event does not stand in the feed")
        events = await _events_written(system)
        _check(system, told, worker, large - small)
    print(f"{count:,} messages in {seconds:,.0f} s, {too_large} of them too large for the stream")
    print(f"receipts: {dict(told.outcomes)}; {len(told.reasons)} different reasons")
    print(f"ended readers: {told.reasons['took_too_long']}")
    print(f"worker with its readers: {small:.0f} MB after a fifth, {large:.0f} MB at the end")
    print(f"{events:,} events written for feeds, all of them readable, and a good one in the feed")


async def _send(client: Client, told: Told, messages: Sequence[tuple[int, Incoming]]) -> int:
    """Publish messages and wait for the receipts; return how many the stream was too small for."""
    wanted, too_large = set[str](), 0
    for start in range(0, len(messages), TOGETHER):
        for number, message in messages[start : start + TOGETHER]:
            headers = {**message.headers}
            if ID in headers:
                headers[ID] = f"h-{number}"
            try:
                await client.jetstream().publish("publish.event", message.body, headers=headers)
            except APIError:
                too_large += 1
                continue
            wanted.add(headers.get(ID, ""))
        await until(lambda: _are_told(told, wanted), "messages have no receipt")
    return too_large


async def _are_told(told: Told, wanted: set[str]) -> bool:
    return wanted <= told.messages


def _batched(messages: Iterator[tuple[int, Incoming]]) -> Iterator[list[tuple[int, Incoming]]]:
    while some := list(islice(messages, TOGETHER)):
        yield some


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
    uvloop.run(main(int(sys.argv[1]) if sys.argv[1:] else COUNT))

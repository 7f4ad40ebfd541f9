"""Measures how soon a partner's item stands in the public feed, over the partner's own account."""

import asyncio
import os
import re
import sys
import time
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import Final
from uuid import uuid4

import msgspec
import nats
from nats.aio.client import Client
from nats.aio.msg import Msg

from bench.figures import Figure, percentile
from bench.load import fetch
from bench.system import System, until
from deploy.local.layout import ROOT

PARTNER: Final = "bench"
RATE: Final = 200
SECONDS: Final = 10
FEED: Final = "/kalender/alle.ics"
SPACING: Final = timedelta(minutes=17)
"""From one item to the next."""
MILLISECONDS: Final = 1_000
LOOK_SECONDS: Final = 0.01
MARK: Final = re.compile(rb"\nSUMMARY:Hoffest ([0-9]+)\r")
HEADERS: Final = {
    "ce-specversion": "1.0",
    "ce-type": "event",
    "ce-source": PARTNER,
    "ce-datacontenttype": "application/json",
}

Times = dict[int, float]
"""When something has happened to each item."""


class Way(msgspec.Struct, frozen=True):
    """What became of the items, and when."""

    published: Times
    stored: Times
    """The stream has it on disk: the PubAck."""
    told: Times
    """The partner has its receipt."""
    seen: Times
    """It stands in the feed."""

    def delays(self, until: Times) -> list[float]:
        """Return the milliseconds from publishing to something else, for every item."""
        return [(until[item] - began) * 1_000 for item, began in self.published.items()]


async def measure(system: System) -> list[Figure]:
    """Publish at a steady rate, and return when items were told and seen."""
    async with _partner(system) as client:
        way = Way({}, {}, {}, {})

        async def note(message: Msg) -> None:
            _note_told(way, message)

        await client.subscribe("receipts.>", cb=note)
        looking = asyncio.create_task(_look(system, way))
        await _publish(client, way)
        await until(lambda: _is_done(way), "not all items stand in the feed")
        looking.cancel()
    stored, told, seen = map(way.delays, (way.stored, way.told, way.seen))
    at = f"at {RATE} items/s"
    return [
        _figure(f"partner item to feed {at}, p50", percentile(seen, 0.5), percentile(stored, 0.5)),
        _figure(
            f"partner item to feed {at}, p99",
            percentile(seen, 0.99),
            percentile(stored, 0.99),
            is_kept=percentile(seen, 0.99) <= MILLISECONDS,
        ),
        _figure(
            f"partner item to receipt {at}, p99",
            percentile(told, 0.99),
            percentile(stored, 0.99),
            is_kept=percentile(told, 0.99) <= MILLISECONDS,
        ),
    ]


async def run_operator(variables: Mapping[str, str], *arguments: str) -> None:
    """Run an operator's command against a system.

    Raises:
        RuntimeError: it has failed.
    """
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        *("-c", "from deploy.cli.main import main; main()", *arguments),
        cwd=ROOT,
        env={**os.environ, **variables},
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.DEVNULL,
    )
    if await process.wait():
        raise RuntimeError(f"ehrensache {' '.join(arguments)} has failed")


def _figure(what: str, value: float, bound: float, *, is_kept: bool | None = None) -> Figure:
    return Figure(
        what=what,
        value=value,
        unit="ms",
        bound=bound,
        bound_is="ms, until its stream has it on disk",
        budget="" if is_kept is None else f"≤ {MILLISECONDS:,} ms",
        is_kept=is_kept,
    )


@asynccontextmanager
async def _partner(system: System) -> AsyncIterator[Client]:
    """Take a partner in as an operator does, and connect with its credentials."""
    file = system.stack.layout.root / f"{PARTNER}.creds"
    await run_operator(system.variables, "partner", "add", PARTNER, "--out", str(file))
    client = await nats.connect(system.stack.notes.nats_url, user_credentials=str(file))
    try:
        yield client
    finally:
        await client.close()


async def _publish(client: Client, way: Way) -> None:
    """Publish items one after the other, without waiting for one before the next."""
    jetstream = client.jetstream()

    async def publish(item: int) -> None:
        headers = HEADERS | {"ce-id": str(uuid4())}
        way.published[item] = time.perf_counter()
        await jetstream.publish("publish.event", event(item), headers=headers)
        way.stored[item] = time.perf_counter()

    began = time.perf_counter()
    async with asyncio.TaskGroup() as tasks:
        for item in range(RATE * SECONDS):
            tasks.create_task(publish(item))
            await asyncio.sleep(began + item / RATE - time.perf_counter())


def event(item: int) -> bytes:
    """Return a simple item of plain JSON; each has an id, a title and a time of its own.

    30,000 of them fill a year: more a day than any city has would push what else is listed aside.
    """
    starts = datetime.now(UTC) + timedelta(hours=30) + item * SPACING
    return msgspec.json.encode(
        {
            "id": f"hoffest-{item}",
            "title": f"Hoffest {item}",
            "description": "Mit Kaffee, Kuchen und einem Platz für alle, die helfen wollen.",
            "starts": f"{starts:%Y-%m-%dT%H:%M:00}",
            "place": {"name": "Hof der Ziegelei", "address": "Ziegelscheune 7, 01129 Elbstadt"},
            "categories": ["Feste"],
        }
    )


def _note_told(way: Way, message: Msg) -> None:
    told = msgspec.json.decode(message.data)
    if told["outcome"] != "accepted":
        raise RuntimeError(f"an item was not taken: {told}")
    way.told[int(told["id"].rpartition("-")[2])] = time.perf_counter()


async def _look(system: System, way: Way) -> None:
    """Read the feed again and again, as often as it changes."""
    tag = ""
    while True:
        answer = await fetch(system.port("events-api"), FEED, {"If-None-Match": tag})
        now = time.perf_counter()
        if 304 not in answer.statuses:  # noqa: PLR2004 - it has changed
            tag = answer.header("etag")
            for item in map(int, MARK.findall(answer.last_body)):
                way.seen.setdefault(item, now)
        await asyncio.sleep(LOOK_SECONDS)


async def _is_done(way: Way) -> bool:
    return len(way.seen) == len(way.told) == RATE * SECONDS

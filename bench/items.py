"""Follows a partner's items from being published to the feed, over the partner's own account."""

import asyncio
import os
import re
import sys
import time
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final
from uuid import uuid4

import msgspec
import nats
from nats.aio.client import Client
from nats.aio.msg import Msg

from bench.load import fetch
from bench.system import System, until
from deploy.local.layout import ROOT

SPACING: Final = timedelta(minutes=17)
"""From one item to the next."""
LOOK_SECONDS: Final = 0.01
SUBJECT: Final = "publish.event"
HEADERS: Final = {
    "ce-specversion": "1.0",
    "ce-type": "event",
    "ce-datacontenttype": "application/json",
}

Times = dict[int, float]
"""When something has happened to each item."""


class Kind(msgspec.Struct, frozen=True):
    """Items that can be told apart from all others, and where they are to be seen."""

    name: str
    """What the titles begin with; a number follows."""
    place: str
    category: str
    feed: str

    def item(self, number: int) -> bytes:
        """Return a simple item of plain JSON; each has an id, a title and a time of its own.

        30,000 of them fill a year: more a day than any city has would push what else is listed
        aside.
        """
        starts = datetime.now(UTC) + timedelta(hours=30) + number * SPACING
        return msgspec.json.encode(
            {
                "id": f"{self.name}-{number}",
                "title": f"{self.name} {number}",
                "description": "Mit Kaffee, Kuchen und einem Platz für alle, die helfen wollen.",
                "starts": f"{starts:%Y-%m-%dT%H:%M:00}",
                "place": {"name": self.place, "address": "Ziegelscheune 7, 01129 Elbstadt"},
                "categories": [self.category],
            }
        )


FAIRS: Final = Kind("Hoffest", "Hof der Ziegelei", "Feste", "/kalender/alle.ics")
RUNS: Final = Kind("Lauftreff", "Stadion am Fluss", "Sport", "/kalender/sport.ics")


class Way(msgspec.Struct, frozen=True):
    """What became of the items, and when."""

    published: Times
    stored: Times
    """The stream has it on disk: the PubAck."""
    told: Times
    """The partner has its receipt."""
    seen: Times
    """It stands in the feed."""

    def add(self, other: "Way") -> None:
        """Take in what became of other items."""
        self.published.update(other.published)
        self.stored.update(other.stored)
        self.told.update(other.told)
        self.seen.update(other.seen)

    def delays(self, until: Times) -> list[float]:
        """Return the milliseconds from publishing to something else, for every item."""
        return [(until[item] - began) * 1_000 for item, began in self.published.items()]


class Sender(msgspec.Struct, frozen=True):
    """A partner that has been taken in, and its connection."""

    name: str
    client: Client
    credentials: str
    """The file that the operator hands out."""

    async def publish(self, body: bytes) -> None:
        """Publish an item of plain JSON, and return when its stream has it on disk."""
        headers = HEADERS | {"ce-id": str(uuid4()), "ce-source": self.name}
        await self.client.jetstream().publish(SUBJECT, body, headers=headers)


@asynccontextmanager
async def sender(system: System, name: str) -> AsyncIterator[Sender]:
    """Take a partner in as an operator does, and connect with its credentials."""
    file = str(system.stack.layout.root / f"{name}.creds")
    await run_operator(system.variables, "partner", "add", name, "--out", file)
    client = await nats.connect(system.stack.notes.nats_url, user_credentials=file)
    try:
        yield Sender(name, client, file)
    finally:
        await client.close()
        # Whoever is taken in again gets other credentials.
        await asyncio.to_thread(Path(file).unlink)


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
        stderr=None,
    )
    if await process.wait():
        raise RuntimeError(f"ehrensache {' '.join(arguments)} has failed")


async def follow(
    system: System, sender: Sender, kind: Kind, numbers: Sequence[int], rate: float
) -> Way:
    """Publish so many items a second, without waiting for one before the next, and watch them.

    Raises:
        NotInTime: some were not taken or not told of, or do not stand in the feed.
    """
    way = Way({}, {}, {}, {})

    async def note(message: Msg) -> None:
        told = msgspec.json.decode(message.data)
        if told["outcome"] == "accepted":
            way.told[int(told["id"].rpartition("-")[2])] = time.perf_counter()

    async def are_there() -> bool:
        return len(way.seen) == len(way.told) == len(numbers)

    listening = await sender.client.subscribe("receipts.>", cb=note)
    looking = asyncio.create_task(_look(system, way, kind, numbers))
    try:
        await _publish(sender, way, kind, numbers, rate)
        await until(are_there, f"not all items stand in {kind.feed}, accepted")
    finally:
        looking.cancel()
        await listening.unsubscribe()
    return way


async def _publish(
    sender: Sender, way: Way, kind: Kind, numbers: Sequence[int], rate: float
) -> None:
    async def publish(number: int) -> None:
        body = kind.item(number)
        way.published[number] = time.perf_counter()
        await sender.publish(body)
        way.stored[number] = time.perf_counter()

    began = time.perf_counter()
    async with asyncio.TaskGroup() as tasks:
        for passed, number in enumerate(numbers, 1):
            tasks.create_task(publish(number))
            await asyncio.sleep(began + passed / rate - time.perf_counter())


async def _look(system: System, way: Way, kind: Kind, numbers: Sequence[int]) -> None:
    """Read the feed again and again, as often as it changes."""
    mark = re.compile(rb"\nSUMMARY:%b ([0-9]+)\r" % kind.name.encode())
    tag, expected = "", set(numbers)
    while True:
        answer = await fetch(system.port("events-api"), kind.feed, {"If-None-Match": tag})
        now = time.perf_counter()
        if 304 not in answer.statuses:  # noqa: PLR2004 - it has changed
            tag = answer.header("etag")
            for number in expected.intersection(map(int, mark.findall(answer.last_body))):
                way.seen.setdefault(number, now)
        await asyncio.sleep(LOOK_SECONDS)

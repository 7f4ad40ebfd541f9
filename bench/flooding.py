"""python -m bench.flooding URL CREDENTIALS plain|hostile: publishes a thousand messages a second.

A process of its own, which shares no event loop with whoever measures, and has only processors that
nobody else needs: partners' programs run on machines of their own. It writes how many messages it
has sent, ends when it is told to, and by itself after some minutes.
"""

import asyncio
import itertools
import os
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Final
from uuid import uuid4

import nats
import uvloop
from nats.js import JetStreamContext
from nats.js.errors import APIError

from bench.items import FAIRS, HEADERS, SUBJECT
from services.events.ingest.item import Incoming
from tests.events.ingest.hostile import ONE_OF_EACH, corpus

NAME: Final = "theater"
"""Whom the corpus names as its sender."""
RATE: Final = 1_000
"""Messages a second. Source: reliability.md 5.3, flood."""
NEWS: Final = 100
"""After so many messages it writes how many there were."""
TOGETHER: Final = 10
"""Messages that are sent at a time."""
GIVE_UP_SECONDS: Final = 300
SEED: Final = 5_545
DIFFERENT: Final = 500
"""Hostile messages before they come again."""
COSTLY: Final = 20
"""Each of so many messages, that one costs its reader's life."""


def plain() -> Iterator[Incoming]:
    """Yield simple items without end, each of them new."""
    headers = HEADERS | {"ce-source": NAME}
    for number in itertools.count():
        yield Incoming(partner=NAME, headers=headers, body=FAIRS.item(number))


def hostile() -> Iterator[Incoming]:
    """Yield without end what cannot be read, is far too much, or costs the reader its life."""
    for number, message in enumerate(itertools.cycle(corpus(SEED, DIFFERENT))):
        yield message
        if number % COSTLY == 0:
            yield ONE_OF_EACH["took_too_long"]


KINDS: Final[dict[str, Callable[[], Iterator[Incoming]]]] = {"plain": plain, "hostile": hostile}


async def main(url: str, credentials: str, kind: str) -> None:
    """Publish until it is ended."""
    client = await nats.connect(url, user_credentials=str(Path(credentials)))
    with suppress(TimeoutError):
        async with asyncio.timeout(GIVE_UP_SECONDS):
            await _flood(client.jetstream(), KINDS[kind]())
    await client.close()


async def _flood(jetstream: JetStreamContext, messages: Iterator[Incoming]) -> None:
    began = time.perf_counter()
    for sent in itertools.count(TOGETHER, TOGETHER):
        some = itertools.islice(messages, TOGETHER)
        await asyncio.gather(*(_publish(jetstream, message) for message in some))
        if sent % NEWS == 0:
            print(sent, flush=True)
        await asyncio.sleep(began + sent / RATE - time.perf_counter())


async def _publish(jetstream: JetStreamContext, message: Incoming) -> None:
    headers = {**message.headers, "ce-id": str(uuid4())}
    # Too large a message, and a stream that is full, are refused by the server.
    with suppress(APIError):
        await jetstream.publish(SUBJECT, message.body, headers=headers)


if __name__ == "__main__":
    os.sched_setscheduler(0, os.SCHED_IDLE, os.sched_param(0))
    uvloop.run(main(*sys.argv[1:]))

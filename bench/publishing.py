"""Measures what publishing costs when citizens have composed thousands of feeds of their own."""

import time
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Final

from bench.feeds import invent
from bench.figures import Figure
from bench.system import System
from deploy.demo import words
from services.events.commands.compose_feed import ComposeFeed, compose_feed
from services.events.keeping import Deed, keep_events
from services.events.selection import Selection
from services.events.site import Site
from services.events.store import events
from shared.database import Pool, transaction

COMPOSED: Final = 2_000
BATCH: Final = 256
"""As many events as one batch of a partner's items holds."""
ROUNDS: Final = 5
MILLISECONDS: Final = 1_000


async def measure(system: System) -> list[Figure]:
    """Return how long one event and a batch take, with composed feeds and without any."""
    site = Site(system.stack.addresses.gateway)
    async with system.pool("events", size=1) as pool:
        await _publish(pool, site, 1)
        bare = [await _best(pool, site, count) for count in (1, BATCH)]
        async with transaction(pool) as opened:
            for selection in _selections():
                await compose_feed(opened, ComposeFeed(selection))
        beside = [await _best(pool, site, count) for count in (1, BATCH)]
    return [
        Figure(
            what=f"publish {count:,} event(s) with {COMPOSED:,} composed feeds",
            value=ours,
            unit="ms",
            bound=without,
            bound_is="ms, without any",
        )
        for count, ours, without in zip((1, BATCH), beside, bare, strict=True)
    ]


def _selections() -> Sequence[Selection]:
    vocabulary = [*words.STREETS, *words.FAMILIES]
    return [
        Selection(categories=("nature", "sport"), words=(f"{vocabulary[number % 40]}{number}",))
        for number in range(COMPOSED)
    ]


async def _best(pool: Pool, site: Site, count: int) -> float:
    """Return the milliseconds of the quickest of several rounds."""
    return min([await _publish(pool, site, count) for _ in range(ROUNDS)])


async def _publish(pool: Pool, site: Site, count: int) -> float:
    now = datetime.now(UTC)
    began = time.perf_counter()
    async with transaction(pool) as opened:
        ids = await events.new_ids(opened, count)
        published = invent(ids, site, now)
        await keep_events(opened, published, site, now, Deed("draft_event", "Redaktion"))
    return (time.perf_counter() - began) * MILLISECONDS

"""Measures how long a feed takes that no process has ready yet."""

import time
from collections.abc import Awaitable, Callable
from typing import Final

from bench.figures import Figure, percentile
from services.events.feeds import store
from services.events.feeds.rendering import Wanted, rendered
from services.events.feeds.variant import PLAIN
from services.events.selection import Selection
from services.events.site import Site
from shared.database import Pool

BUILDS: Final = 50
MILLISECONDS: Final = 1_000
MOST_MS: Final = 5
_BARE: Final = "select vevent from event_ical where calendar_event_id = any($1)"
_EVENTS: Final = """
select calendar_event_id from event_ical
where $1 = any(categories) and visibility = 'public' and last_at >= now() - interval '30 days'
order by first_at
limit 1000
"""


async def build_coldly(pool: Pool, site: Site, category: str, what: str) -> Figure:
    """Return the median of many builds of a category's feed, beside reading its bytes alone."""
    async with pool.acquire() as connection:
        slugs = await store.slugs(connection)
    slug = slugs.categories[category]
    wanted = Wanted(slug, Selection(categories=(category,)), slugs, PLAIN)
    keys = [row["calendar_event_id"] for row in await pool.fetch(_EVENTS, category)]

    async def build() -> int:
        return (await rendered(pool, site, wanted)).content.count(b"BEGIN:VEVENT")

    async def read() -> int:
        return b"".join([row["vevent"] for row in await pool.fetch(_BARE, keys)]).count(
            b"BEGIN:VEVENT"
        )

    ours, bare = await _median(build), await _median(read)
    return Figure(
        what=f"{what}, built anew ({await build():,} events)",
        value=ours,
        unit="ms",
        bound=bare,
        bound_is="ms, the same bytes by their keys, joined",
        budget=f"≤ {MOST_MS} ms",
        is_kept=ours <= MOST_MS,
    )


async def _median(do: Callable[[], Awaitable[int]]) -> float:
    took = []
    for _ in range(BUILDS):
        began = time.perf_counter()
        await do()
        took.append((time.perf_counter() - began) * MILLISECONDS)
    return percentile(took, 0.5)

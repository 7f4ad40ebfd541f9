"""Holds the feeds' revisions and ready bodies in memory, so that reading one asks nobody."""

import asyncio
from contextlib import suppress
from typing import Any, Final

import asyncpg
import msgspec
from prometheus_client import Gauge, Histogram

from services.events.feeds import store
from services.events.feeds.bodies import Bodies, Body, Key
from services.events.feeds.coding import IDENTITY, PACK
from services.events.feeds.rendering import Wanted, rendered
from services.events.feeds.standing import ALL, Moment, Slugs, Standing, followed, moment_of
from services.events.feeds.variant import PLAIN, Variant
from services.events.selection import Selection
from services.events.site import Site
from shared.database import CONNECTION_GONE, Pool
from shared.telemetry import describe, log

REFRESHED: Final = Gauge(
    "ehrensache_feeds_refreshed",
    "Unix time at which the feeds were last compared with the database",
)
RENDER_SECONDS: Final = Histogram("ehrensache_feed_render_seconds", "One feed, from its rows")
POLL_SECONDS: Final = 2.0
"""How old a revision can be when a notification is lost."""
MOST_COMPOSED: Final = 20_000
"""Composed feeds whose selection a process remembers; then it begins anew."""


class Feed(msgspec.Struct, frozen=True):
    """A calendar that people subscribe to, in one revision."""

    slug: str
    selection: Selection
    moment: Moment


class Shelf:
    """The feeds of one process."""

    def __init__(self, pool: Pool, site: Site, *, packs: bool = True) -> None:
        """Take what it reads from, and whether bodies may be packed."""
        self.packs: Final = packs
        self._pool = pool
        self._site = site
        self._slugs = Slugs({}, {})
        self._standing: dict[str, Standing] = {}
        self._composed: dict[str, Selection] = {}
        self._feeds: dict[str, Feed] = {}
        self._bodies = Bodies()
        self._woken = asyncio.Event()

    def find(self, slug: str) -> Feed | None:
        """Return a feed that this process knows, in the revision that it knows; no query."""
        feed = self._feeds.get(slug)
        if feed is None:
            selection = self._composed.get(slug)
            if selection is None and slug in self._standing:
                selection = self._slugs.selection(slug)
            if selection is None:
                return None
            selection = followed(selection, self._standing)
            moment = moment_of(self._slugs.groups(selection), self._standing)
            feed = self._feeds[slug] = Feed(slug, selection, moment)
        return feed

    async def look_up(self, slug: str) -> Feed | None:
        """Return a feed, if need be one that somebody has just composed; None if there is none."""
        feed = self.find(slug)
        if feed is not None:
            return feed
        async with self._pool.acquire() as connection:
            selection = await store.find_composed(connection, slug)
        if selection is None:
            return None
        if len(self._composed) >= MOST_COMPOSED:
            self._composed.clear()
            self._feeds.clear()
        self._composed[slug] = selection
        return self.find(slug)

    async def body(self, wanted: Feed, variant: Variant = PLAIN, coding: str = IDENTITY) -> Body:
        """Return a feed's bytes in this revision or a newer one.

        They are made once for each revision, variant and coding, however many wait for them.
        """

        async def render() -> Body:
            joined = Wanted(wanted.slug, wanted.selection, self._slugs, variant)
            with RENDER_SECONDS.time():
                return await rendered(self._pool, self._site, joined)

        async def pack() -> Body:
            whole = await self.body(wanted, variant)
            packed = await asyncio.to_thread(PACK[coding], whole.content)
            return Body(whole.moment, packed)

        make = render if coding == IDENTITY else pack
        key = Key(wanted.slug, variant, coding)
        return await self._bodies.newest(key, wanted.moment, make)

    async def refresh(self) -> None:
        """Read what has changed since the last time."""
        known = self._standing[ALL].changed if self._standing else None
        async with self._pool.acquire() as connection:
            found = await store.standing(connection, known.revision if known else -1)
            present = next(each.changed for each in found if each.slug == ALL)
            if known is not None and present < known:
                # The database is an older one, brought back: nothing that is known holds.
                self._standing.clear()
                self._bodies = Bodies()
                found = await store.standing(connection, -1)
            is_renamed = any(each.renamed == each.changed for each in found)
            if not self._slugs.categories or is_renamed:
                self._slugs = await store.slugs(connection)
        if present != known:
            self._standing.update({each.slug: each for each in found})
            self._feeds.clear()
        REFRESHED.set_to_current_time()

    async def watch(self, database_url: str) -> None:
        """Keep the revisions fresh, by notification and by looking, until it is cancelled."""
        while True:
            try:
                await self._listen(database_url)
            except (OSError, TimeoutError, asyncpg.PostgresError, *CONNECTION_GONE) as error:
                log().warning("feeds_wait_for_database", error=describe(error))
            await asyncio.sleep(POLL_SECONDS)

    async def _listen(self, database_url: str) -> None:
        connection = await asyncpg.connect(database_url, timeout=5)
        try:
            await connection.add_listener("events_feed", self._wake)
            while not connection.is_closed():
                await self.refresh()
                with suppress(TimeoutError):
                    async with asyncio.timeout(POLL_SECONDS):
                        await self._woken.wait()
                self._woken.clear()
        finally:
            await connection.close(timeout=1)

    def _wake(self, *_: Any) -> None:
        self._woken.set()

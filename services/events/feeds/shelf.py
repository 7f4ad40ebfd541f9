"""Holds the feeds' revisions and ready bodies in memory, so that reading one asks nobody."""

import asyncio
import gzip
from collections import OrderedDict
from contextlib import suppress
from typing import Any, Final

import asyncpg
import msgspec

from services.events.content import DEFAULT_ZONE
from services.events.feeds import store
from services.events.feeds.store import Feed
from services.events.ical.calendar import FeedHeader, feed
from services.events.site import Site
from shared.database import CONNECTION_GONE, Pool
from shared.telemetry import describe, log

POLL_SECONDS: Final = 2.0
"""How old a revision can be when a notification is lost."""
MOST_BYTES: Final = 48 * 1024 * 1024
GZIP_LEVEL: Final = 6


class Body(msgspec.Struct, frozen=True):
    """A feed's bytes and the revision that they are."""

    feed: Feed
    identity: bytes
    gzip: bytes


class Shelf:
    """The feeds of one process."""

    def __init__(self, pool: Pool, site: Site) -> None:
        self._pool = pool
        self._site = site
        self._feeds: dict[str, Feed] = {}
        self._bodies = _Bodies(MOST_BYTES)
        self._rendering: dict[tuple[str, int], asyncio.Task[Body]] = {}
        self._woken = asyncio.Event()

    def find(self, slug: str) -> Feed | None:
        """Return a feed in the revision that this process knows; no query."""
        return self._feeds.get(slug)

    def all(self) -> list[Feed]:
        """Return all feeds, that of everything first."""
        return list(self._feeds.values())

    async def body(self, wanted: Feed) -> Body:
        """Return a feed's bytes in this revision or a newer one.

        They are rendered once for each revision, however many wait for them.
        """
        body = self._bodies.find(wanted.slug)
        if body is None or body.feed.revision < wanted.revision:
            body = await self._rendered(wanted)
        return body

    async def refresh(self) -> None:
        """Read the revisions anew."""
        async with self._pool.acquire() as connection:
            found = await store.feeds(connection)
        self._feeds = {feed.slug: feed for feed in found}

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

    async def _rendered(self, wanted: Feed) -> Body:
        key = (wanted.slug, wanted.revision)
        task = self._rendering.get(key)
        if task is None:
            task = asyncio.create_task(self._render(wanted.slug))
            self._rendering[key] = task
            task.add_done_callback(lambda _: self._rendering.pop(key, None))
        # One reader that goes away must not take the body from the others.
        return await asyncio.shield(task)

    async def _render(self, slug: str) -> Body:
        async with self._pool.acquire() as connection:
            found, events = await store.events_of(connection, slug)
        header = FeedHeader(
            title=found.title,
            description=found.description,
            zone=DEFAULT_ZONE,
            colour=found.colour,
            colour_name=found.colour_name,
            feed_url=self._site.feed_url(slug),
            page_url=self._site.list_url,
            changed_at=found.changed_at,
        )
        whole = feed(header, {zone for _, zone in events}, [vevent for vevent, _ in events])
        packed = await asyncio.to_thread(gzip.compress, whole, GZIP_LEVEL, mtime=0)
        body = Body(found, whole, packed)
        self._bodies.put(body)
        return body


class _Bodies:
    """The newest body of each feed, those used last, up to so many bytes."""

    def __init__(self, most_bytes: int) -> None:
        self._most = most_bytes
        self._kept: OrderedDict[str, Body] = OrderedDict()

    def find(self, slug: str) -> Body | None:
        body = self._kept.get(slug)
        if body is not None:
            self._kept.move_to_end(slug)
        return body

    def put(self, body: Body) -> None:
        known = self._kept.get(body.feed.slug)
        if known is None or known.feed.revision < body.feed.revision:
            self._kept[body.feed.slug] = body
        while len(self._kept) > 1 and sum(map(_weight, self._kept.values())) > self._most:
            self._kept.popitem(last=False)


def _weight(body: Body) -> int:
    return len(body.identity) + len(body.gzip)

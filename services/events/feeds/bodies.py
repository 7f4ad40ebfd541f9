"""Keeps ready bodies in memory, those used last, up to so many bytes."""

import asyncio
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from typing import Final, NamedTuple

import msgspec

from services.events.feeds.coding import IDENTITY
from services.events.feeds.standing import Moment
from services.events.feeds.variant import PLAIN, Variant

MOST_BYTES: Final = 16 * 1024 * 1024
"""Of a process that may have 120 MB; a body that is not kept is joined again in milliseconds."""


class Key(NamedTuple):
    """Which body is meant."""

    slug: str
    variant: Variant = PLAIN
    coding: str = IDENTITY


class Body(msgspec.Struct, frozen=True):
    """A feed's bytes and the revision that they are."""

    moment: Moment
    content: bytes


Make = Callable[[], Awaitable[Body]]


class Bodies:
    """The newest body for each key; each is made once, however many wait for it."""

    def __init__(self, most_bytes: int = MOST_BYTES) -> None:
        self._most = most_bytes
        self._kept: OrderedDict[Key, Body] = OrderedDict()
        self._weight = 0
        self._making: dict[tuple[Key, Moment], asyncio.Task[Body]] = {}

    async def newest(self, key: Key, wanted: Moment, make: Make) -> Body:
        """Return the body in the revision that is wanted or a newer one, and make it if need be."""
        kept = self._kept.get(key)
        if kept is not None and kept.moment >= wanted:
            self._kept.move_to_end(key)
            return kept
        task = self._making.get((key, wanted))
        if task is None:
            task = asyncio.create_task(self._made(key, make))
            self._making[key, wanted] = task
            task.add_done_callback(lambda _: self._making.pop((key, wanted), None))
        # One reader that goes away must not take the body from the others.
        return await asyncio.shield(task)

    async def _made(self, key: Key, make: Make) -> Body:
        body = await make()
        known = self._kept.get(key)
        if known is None or known.moment < body.moment:
            self._put(key, body)
        return body

    def _put(self, key: Key, body: Body) -> None:
        former = self._kept.pop(key, None)
        self._weight -= len(former.content) if former else 0
        self._kept[key] = body
        self._weight += len(body.content)
        while len(self._kept) > 1 and self._weight > self._most:
            _, dropped = self._kept.popitem(last=False)
            self._weight -= len(dropped.content)

"""Looks at pages all the time, as visitors do, while parts of the system end and come back."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Final

import httpx

PAGES: Final = ("/termine", "/einladung/code", "/konsole", "/kalender/alle.ics")
"""One at least of each service that people see without signing in."""
LOOK_SECONDS: Final = 0.1
REQUEST_SECONDS: Final = 30


class Watch:
    """Looks at pages again and again, and knows how long each was away at most."""

    def __init__(self, origin: str) -> None:
        self._origin = origin
        self.longest = dict.fromkeys(PAGES, 0.0)
        """Seconds from one answer to the next, for each page: also one that hangs is away."""
        self.looks = 0
        self.failures: list[str] = []
        """What was seen in place of a page."""

    async def look(self, page: str) -> None:
        """Look at a page until it is told to stop."""
        async with httpx.AsyncClient(
            base_url=self._origin, timeout=REQUEST_SECONDS, trust_env=False
        ) as client:
            well = time.monotonic()
            while True:
                self.looks += 1
                trouble = await _trouble(client, page)
                if trouble:
                    self.failures.append(f"{page}: {trouble}")
                else:
                    now = time.monotonic()
                    self.longest[page], well = max(self.longest[page], now - well), now
                await asyncio.sleep(LOOK_SECONDS)


@asynccontextmanager
async def watching(origin: str) -> AsyncIterator[Watch]:
    """Look at all pages while the block runs."""
    watch = Watch(origin)
    looking = [asyncio.create_task(watch.look(page)) for page in PAGES]
    yield watch
    for one in looking:
        one.cancel()
    await asyncio.gather(*looking, return_exceptions=True)


async def _trouble(client: httpx.AsyncClient, page: str) -> str:
    """Return what is there in place of a page; empty if the page is there."""
    try:
        status = (await client.get(page)).status_code
    except httpx.TransportError as error:
        return repr(error)
    return str(status) if status >= httpx.codes.INTERNAL_SERVER_ERROR else ""

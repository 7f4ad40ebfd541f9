"""Stands before the application and answers for feeds, which are most of all requests."""

import time
from typing import Final

from litestar.datastructures import State
from litestar.enums import ScopeType
from litestar.types import ASGIApp, HTTPScope, Receive, Scope, Send

from services.events.feeds.http import FILE, TOO_OFTEN, answer
from services.events.feeds.shelf import Feed, Shelf
from shared.web.addresses import Proxies, customer
from shared.web.entry import REQUEST_SECONDS
from shared.web.limits import Misses, TooManyAttempts

PREFIX: Final = "/kalender/"
ROUTE: Final = "/kalender/{file:str}"
READING: Final = frozenset({"GET", "HEAD"})
PER_MINUTE: Final = 120
"""How often one feed may be read from one address; programs come by the hour, some every minute."""


class FeedGate:
    """Answers GET and HEAD of known feeds itself; everything else goes on to the application.

    Calendar programs come by the hour, hundreds of thousands of them: they are counted in the
    metrics and have no line in the log.
    """

    def __init__(self, app: ASGIApp, state: State, proxies: Proxies) -> None:
        self._app = app
        self._state = state
        self._proxies = proxies
        self._readers = Misses(PER_MINUTE)
        self._seconds = {
            (method, status): REQUEST_SECONDS.labels(method, ROUTE, status)
            for method in READING
            for status in (200, 304, 429)
        }

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request, or pass it on."""
        if scope["type"] != ScopeType.HTTP or not scope["path"].startswith(PREFIX):
            await self._app(scope, receive, send)
            return
        feed = self._wanted(scope)
        if feed is None:
            await self._app(scope, receive, send)
            return
        began = time.perf_counter()
        shelf: Shelf = self._state.shelf
        if self._comes_too_often(scope, feed):
            ready = TOO_OFTEN
        else:
            ready = await answer(shelf, feed, scope)
        await ready(scope, receive, send)
        spent = time.perf_counter() - began
        self._seconds[scope["method"], ready.status].observe(spent)

    def _wanted(self, scope: HTTPScope) -> Feed | None:
        named = FILE.fullmatch(scope["path"], len(PREFIX))
        if named is None or scope["method"] not in READING:
            return None
        shelf: Shelf = self._state.shelf
        return shelf.find(named[1])

    def _comes_too_often(self, scope: HTTPScope, feed: Feed) -> bool:
        """Count one reading; whoever is nearer than the gateway is one of ours and not counted.

        Source: nextcloud/calendar#4966, a client in a loop polls for ever.
        """
        address = self._proxies.client(scope, dict(scope["headers"]))
        if self._proxies.trusts(address):
            return False
        reader = f"{customer(address)} {feed.slug}"
        try:
            self._readers.check(reader)
        except TooManyAttempts:
            return True
        self._readers.note(reader)
        return False

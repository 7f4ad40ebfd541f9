"""Stands before the application and answers for feeds, which are most of all requests."""

import time
from typing import Final

from litestar.datastructures import State
from litestar.enums import ScopeType
from litestar.types import ASGIApp, HTTPScope, Receive, Scope, Send

from services.events.feeds.http import FILE, answer
from services.events.feeds.shelf import Feed, Shelf
from shared.web.entry import REQUEST_SECONDS

PREFIX: Final = "/kalender/"
ROUTE: Final = "/kalender/{file:str}"
READING: Final = frozenset({"GET", "HEAD"})


class FeedGate:
    """Answers GET and HEAD of known feeds itself; everything else goes on to the application.

    Calendar programs come by the hour, hundreds of thousands of them: they are counted in the
    metrics and have no line in the log.
    """

    def __init__(self, app: ASGIApp, state: State) -> None:
        self._app = app
        self._state = state
        self._seconds = {
            (method, status): REQUEST_SECONDS.labels(method, ROUTE, status)
            for method in READING
            for status in (200, 304)
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

"""Answers requests for feeds without a query, a template or a library."""

import re
from datetime import UTC, datetime
from typing import Any, Final

from litestar import Litestar, asgi
from litestar.types import HTTPScope, Receive, Send

from services.events.feeds.conditional import etag, is_unchanged, last_modified
from services.events.feeds.shelf import Shelf
from services.events.feeds.store import Feed
from services.events.ical.calendar import CONTENT_TYPE
from shared.errors import NotFound
from shared.web.access import PUBLIC

Headers = list[tuple[bytes, bytes]]

_FILE: Final = re.compile(r"([a-z]+)\.ics")
_READ: Final = frozenset({"GET", "HEAD"})
_ALLOW: Final = (b"allow", b"GET, HEAD, OPTIONS")
_GZIP: Final = re.compile(
    rb"(?:^|[,\s])(?:gzip|x-gzip)\s*(?:;\s*q\s*=\s*([01](?:\.\d*)?))?\s*(?:,|$)"
)
_COMMON: Final[Headers] = [
    (b"cache-control", b"public, max-age=300, stale-while-revalidate=3600"),
    (b"vary", b"accept-encoding"),
    (b"access-control-allow-origin", b"*"),
    (b"cross-origin-resource-policy", b"cross-origin"),
]


class FeedUnknown(NotFound):
    """There is no feed of this name."""

    def __init__(self) -> None:
        super().__init__("Diesen Kalender gibt es nicht.")


@asgi("/kalender/{file:str}", opt=PUBLIC)
async def answer_feed(scope: HTTPScope, receive: Receive, send: Send) -> None:
    """Answer with a feed. Whatever `Authorization` says is not looked at: feeds are public.

    Raises:
        FeedUnknown: there is none of this name.
    """
    del receive
    app: Litestar = scope["litestar_app"]
    shelf: Shelf = app.state.shelf
    feed = _wanted(shelf, scope)
    method = scope["method"]
    if method not in _READ:
        await _send(send, 204 if method == "OPTIONS" else 405, [_ALLOW, *_COMMON], b"")
        return
    headers = dict(scope["headers"])
    if is_unchanged(feed, headers, datetime.now(UTC)):
        await _send(send, 304, _validators(feed), b"")
        return
    body = await shelf.body(feed)
    is_packed = accepts_gzip(headers.get(b"accept-encoding", b""))
    content = body.gzip if is_packed else body.identity
    answered = _validators(body.feed)
    answered.append((b"content-type", CONTENT_TYPE.encode()))
    answered.append((b"content-length", str(len(content)).encode()))
    if is_packed:
        answered.append((b"content-encoding", b"gzip"))
    await _send(send, 200, answered, content if method == "GET" else b"")


def accepts_gzip(accepted: bytes) -> bool:
    """Say whether a client asks for gzip; some that do not ask cannot decode it.

    Source: RFC 9110 12.5.3; MagicMirrorOrg/MagicMirror#1400.
    """
    found = _GZIP.search(accepted.lower())
    return found is not None and float(found[1] or 1) > 0


def _wanted(shelf: Shelf, scope: HTTPScope) -> Feed:
    parameters: dict[str, Any] = scope["path_params"]
    named = _FILE.fullmatch(str(parameters["file"]))
    feed = shelf.find(named[1]) if named else None
    if feed is None:
        raise FeedUnknown
    return feed


def _validators(feed: Feed) -> Headers:
    dated = last_modified(feed, datetime.now(UTC))
    headers = [(b"etag", etag(feed)), *_COMMON]
    return headers if dated is None else [*headers, (b"last-modified", dated)]


async def _send(send: Send, status: int, headers: Headers, body: bytes) -> None:
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body, "more_body": False})

"""Answers requests for feeds without a query, a template or a library."""

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Final

import msgspec
from litestar import route
from litestar.params import FromPath
from litestar.types import ASGIApp, Receive, Scope, Send

from services.events.feeds.conditional import etag, is_unchanged, last_modified
from services.events.feeds.shelf import IDENTITY, Feed, Shelf
from services.events.feeds.standing import Moment
from services.events.ical.calendar import CONTENT_TYPE
from shared.errors import NotFound
from shared.web.access import PUBLIC
from shared.web.headers import frame
from shared.web.request import Request

Headers = list[tuple[bytes, bytes]]

FILE: Final = re.compile(r"([a-z][a-z0-9-]*)\.ics")
_GZIP: Final = re.compile(
    rb"(?:^|[,\s])(?:x-)?gzip\s*(?:;\s*q\s*=\s*([01](?:\.\d*)?)\s*)?(?:,|$)", re.IGNORECASE
)
_ALLOW: Final = (b"allow", b"GET, HEAD, OPTIONS")
_COMMON: Final[Headers] = frame(
    [
        (b"cache-control", b"public, max-age=300, stale-while-revalidate=3600"),
        (b"vary", b"accept-encoding"),
        (b"access-control-allow-origin", b"*"),
        (b"cross-origin-resource-policy", b"cross-origin"),
    ]
)
_TYPE: Final = (b"content-type", CONTENT_TYPE.encode())


class FeedUnknown(NotFound):
    """There is no feed of this name."""

    def __init__(self) -> None:
        super().__init__("Diesen Kalender gibt es nicht.")


class Answer(msgspec.Struct, frozen=True):
    """An answer that is ready to be sent."""

    status: int
    headers: Headers
    body: bytes = b""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send it."""
        del scope, receive
        await send({"type": "http.response.start", "status": self.status, "headers": self.headers})
        await send({"type": "http.response.body", "body": self.body, "more_body": False})


@route("/kalender/{file:str}", http_method=["GET", "HEAD", "OPTIONS"], opt=PUBLIC, status_code=200)
async def answer_feed(request: Request, file: FromPath[str]) -> ASGIApp:
    """Answer with a feed. Whatever `Authorization` says is not looked at: feeds are public.

    Raises:
        FeedUnknown: there is none of this name.
    """
    shelf: Shelf = request.app.state.shelf
    named = FILE.fullmatch(file)
    feed = await shelf.look_up(named[1]) if named else None
    if feed is None:
        raise FeedUnknown
    if request.method == "OPTIONS":
        return Answer(204, [_ALLOW, *_COMMON])
    return await answer(shelf, feed, request.method, dict(request.scope["headers"]))


async def answer(shelf: Shelf, feed: Feed, method: str, headers: Mapping[bytes, bytes]) -> Answer:
    """Return the answer to GET or HEAD with these headers (names in lower case)."""
    now = datetime.now(UTC)
    tag = etag(feed.slug, feed.moment)
    if is_unchanged(tag, feed.moment, headers, now):
        return Answer(304, _validators(tag, feed.moment, now))
    coding = "gzip" if accepts_gzip(headers.get(b"accept-encoding", b"")) else IDENTITY
    body = await shelf.body(feed, coding)
    answered = _validators(etag(feed.slug, body.moment), body.moment, now)
    answered += [_TYPE, (b"content-length", b"%d" % len(body.content))]
    if coding != IDENTITY:
        answered.append((b"content-encoding", coding.encode()))
    return Answer(200, answered, b"" if method == "HEAD" else body.content)


def accepts_gzip(accepted: bytes) -> bool:
    """Say whether a client asks for gzip; some that do not ask cannot decode it.

    Source: RFC 9110 12.5.3; MagicMirrorOrg/MagicMirror#1400.
    """
    found = _GZIP.search(accepted)
    return found is not None and float(found[1] or 1) > 0


def _validators(tag: bytes, moment: Moment, now: datetime) -> Headers:
    dated = last_modified(moment, now)
    headers = [(b"etag", tag), *_COMMON]
    return headers if dated is None else [*headers, (b"last-modified", dated)]

"""Answers requests for feeds without a query, a template or a library."""

import re
from datetime import UTC, datetime
from typing import Final

import msgspec
from litestar import route
from litestar.params import FromPath
from litestar.types import ASGIApp, HTTPScope, Receive, Scope, Send

from services.events.feeds.coding import IDENTITY, wanted
from services.events.feeds.conditional import etag, is_unchanged, last_modified
from services.events.feeds.shelf import Feed, Shelf
from services.events.feeds.standing import Moment
from services.events.feeds.variant import variant_of
from services.events.ical.calendar import CONTENT_TYPE
from shared.errors import NotFound
from shared.web.access import PUBLIC
from shared.web.headers import frame
from shared.web.request import Request

Headers = list[tuple[bytes, bytes]]

FILE: Final = re.compile(r"([a-z][a-z0-9-]*)\.ics")
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


TOO_OFTEN: Final = Answer(
    429,
    frame([(b"retry-after", b"60"), (b"content-length", b"0"), (b"cache-control", b"no-store")]),
)
"""For a client that reads the same feed without a pause."""


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
    return await answer(shelf, feed, request.scope)


async def answer(shelf: Shelf, feed: Feed, scope: HTTPScope) -> Answer:
    """Return the answer to GET or HEAD of a feed."""
    now = datetime.now(UTC)
    headers = dict(scope["headers"])
    variant = variant_of(scope["query_string"])
    tag = etag(feed.slug, feed.moment, variant)
    if is_unchanged(tag, feed.moment, headers, now):
        return Answer(304, _validators(tag, feed.moment, now))
    coding = wanted(headers.get(b"accept-encoding", b"")) if shelf.packs else IDENTITY
    body = await shelf.body(feed, variant, coding)
    answered = _validators(etag(feed.slug, body.moment, variant), body.moment, now)
    answered += [_TYPE, (b"content-length", b"%d" % len(body.content))]
    if coding != IDENTITY:
        answered.append((b"content-encoding", coding.encode()))
    return Answer(200, answered, b"" if scope["method"] == "HEAD" else body.content)


def _validators(tag: bytes, moment: Moment, now: datetime) -> Headers:
    dated = last_modified(moment, now)
    headers = [(b"etag", tag), *_COMMON]
    return headers if dated is None else [*headers, (b"last-modified", dated)]

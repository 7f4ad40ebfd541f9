"""Answers conditional requests: 304 instead of what the client already has."""

import hashlib

from litestar import Response

from shared.web.request import Request


def weak_etag(*parts: object) -> str:
    """Return a weak entity tag of everything that an answer depends on."""
    digest = hashlib.sha256("\x1f".join(str(part) for part in parts).encode()).hexdigest()
    return f'W/"{digest[:24]}"'


def unchanged(request: Request, etag: str) -> bool:
    """Whether the client says that it already has this version.

    Source: RFC 9110 13.1.2: If-None-Match compares weakly, `*` matches whatever exists.
    """
    sent = request.headers.get("if-none-match")
    if sent is None:
        return False
    tags = {tag.strip().removeprefix("W/") for tag in sent.split(",")}
    return "*" in tags or etag.removeprefix("W/") in tags


def not_modified(etag: str, headers: dict[str, str]) -> Response[bytes]:
    """Return a 304 with the headers that a 200 would have had.

    Source: RFC 9110 15.4.5: Cache-Control, Date, ETag, Expires, Vary; no content.
    """
    return Response(b"", status_code=304, headers={**headers, "etag": etag}, media_type="")

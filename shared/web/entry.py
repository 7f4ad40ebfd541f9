"""Stands before everything: names each request, logs and measures it, and frames its answer."""

import re
import secrets
import time
from http import HTTPStatus
from typing import Any, Final

from litestar.enums import HttpMethod, ScopeType
from litestar.types import ASGIApp, HTTPScope, Message, Receive, Scope, Send
from prometheus_client import Histogram
from structlog.contextvars import bound_contextvars

from shared.telemetry import log, tracing
from shared.web import cookies
from shared.web.addresses import Proxies
from shared.web.headers import frame

REQUEST_SECONDS: Final = Histogram(
    "ehrensache_http_request_seconds",
    "One request, from its first byte to the answer's last",
    ["method", "route", "status"],
    buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10),
)
_METHODS: Final = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
_REQUEST_ID: Final = re.compile(r"[A-Za-z0-9-]{8,64}")
_LINK: Final = re.compile(r"^/(e|k|v)/.+")
_LONG_PART: Final = re.compile(r"/[A-Za-z0-9_~-]{20,}(?=/|\.|$)")
_UUID: Final = re.compile(r"/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)
_MOST_LOGGED: Final = 200
_PROBES: Final = frozenset({"/livez", "/readyz", "/metrics"})
"""What machines ask every few seconds; only measured, and logged when it goes wrong."""


class Entry:
    """The outermost ASGI application of a service."""

    def __init__(self, app: ASGIApp, proxies: Proxies) -> None:
        self._app = app
        self._proxies = proxies

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != ScopeType.HTTP:
            await self._app(scope, receive, send)
            return
        headers = dict(scope["headers"])
        request_id = _request_id(headers.get(b"x-request-id", b""))
        scope["request_id"] = request_id  # type: ignore[typeddict-unknown-key]
        scope["client_address"] = self._proxies.client(scope, headers)  # type: ignore[typeddict-unknown-key]
        with (
            tracing(headers.get(b"traceparent", b"").decode("latin-1")),
            bound_contextvars(request_id=request_id),
        ):
            await self._answer(scope, receive, send)

    async def _answer(self, scope: HTTPScope, receive: Receive, send: Send) -> None:
        began = time.perf_counter()
        asked = (str(scope["method"]), scope["path"])
        status = 500
        is_head = asked[0] == "HEAD"
        if is_head:
            scope["method"] = HttpMethod.GET  # Source: RFC 9110 9.3.2, the same without content

        async def send_framed(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                message["headers"] = _framed(scope, message["headers"])
            elif is_head and message["type"] == "http.response.body":
                message["body"] = b""
            await send(message)

        try:
            await self._app(scope, receive, send_framed)
        finally:
            _record(scope, asked, status, time.perf_counter() - began)


def _framed(scope: Scope, headers: Any) -> list[tuple[bytes, bytes]]:
    known: Any = scope
    answered = frame([*headers])
    answered.append((b"x-request-id", known["request_id"].encode()))
    answered += [(b"set-cookie", value.encode()) for value in cookies.pending(scope).values()]
    return answered


def _request_id(sent: bytes) -> str:
    wanted = sent.decode("latin-1")
    return wanted if _REQUEST_ID.fullmatch(wanted) else secrets.token_hex(8)


def _record(scope: Scope, asked: tuple[str, str], status: int, seconds: float) -> None:
    route = str(scope.get("path_template") or "unknown")
    method, path = asked
    REQUEST_SECONDS.labels(method if method in _METHODS else "other", route, status).observe(
        seconds
    )
    if path in _PROBES and status == HTTPStatus.OK:
        return
    log().info(
        "request",
        method=method[:16],
        path=masked(path),
        route=route,
        status=status,
        milliseconds=round(seconds * 1000, 1),
    )


def masked(path: str) -> str:
    """Return a path as it may be logged: without the secrets of personal links."""
    if found := _LINK.match(path):
        return f"/{found[1]}/***"
    return _LONG_PART.sub(_mask_unless_id, path)[:_MOST_LOGGED]


def _mask_unless_id(part: re.Match[str]) -> str:
    return part[0] if _UUID.fullmatch(part[0]) else "/***"

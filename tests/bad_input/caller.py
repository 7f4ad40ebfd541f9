"""Sends a service's application bytes as they are, which no well-behaved HTTP client would do."""

from itertools import count
from typing import Any, Final
from urllib.parse import unquote

import msgspec
from litestar import Litestar

from tests.visitor import PUBLIC_URL

Headers = list[tuple[bytes, bytes]]
_PEERS: Final = count(1)
HOST: Final = PUBLIC_URL.removeprefix("https://").encode()


class Sent(msgspec.Struct, frozen=True, kw_only=True):
    """A request, byte for byte."""

    method: str
    target: bytes
    """Path and query, percent-encoded."""
    headers: tuple[tuple[bytes, bytes], ...] = ()
    body: bytes = b""
    note: str = ""
    """What is bad about it, for whoever reads the failure."""

    @property
    def is_for_program(self) -> bool:
        """Whether a program asks."""
        return self.target.startswith(b"/api/")


class Answered(msgspec.Struct, frozen=True):
    """What came back."""

    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def kind(self) -> str:
        """The media type."""
        return self.headers.get("content-type", "").partition(";")[0]


async def call(app: Litestar, sent: Sent) -> Answered:
    """Answer a request as the HTTP server would have the application do."""
    left = [sent.body]
    told: dict[str, Any] = {"status": 0, "headers": {}}
    parts: list[bytes] = []

    async def receive() -> dict[str, Any]:
        if left:
            return {"type": "http.request", "body": left.pop(), "more_body": False}
        return {"type": "http.disconnect"}

    async def send(message: Any) -> None:
        if message["type"] == "http.response.start":
            told["status"] = message["status"]
            told["headers"] = {
                name.decode("latin-1"): value.decode("latin-1")
                for name, value in message["headers"]
            }
        else:
            parts.append(message.get("body", b""))

    await app(_scope(sent), receive, send)  # type: ignore[arg-type]
    return Answered(told["status"], told["headers"], b"".join(parts))


def _scope(sent: Sent) -> Any:
    """Return the scope as the server builds it: a path that is no UTF-8 has U+FFFD in it."""
    raw_path, _, query = sent.target.partition(b"?")
    headers: Headers = [(b"host", HOST), (b"content-length", str(len(sent.body)).encode())]
    return {
        "type": "http",
        "asgi": {"version": "3.0", "spec_version": "2.3"},
        "http_version": "1.1",
        "method": sent.method,
        "scheme": "https",
        "path": unquote(raw_path.decode("ascii"), errors="replace"),
        "raw_path": raw_path,
        "query_string": query,
        "root_path": "",
        "headers": [*headers, *sent.headers],
        "client": (_peer(), 40_000),
        "server": (HOST.decode(), 443),
        "extensions": {},
    }


def _peer() -> str:
    """Return another visitor's address each time: who guesses too often is answered no more."""
    number = next(_PEERS)
    return f"10.{number >> 16 & 255}.{number >> 8 & 255}.{number & 255}"

"""Answers /livez, /readyz and /metrics of a worker on a small port of its own."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from http import HTTPStatus

import msgspec
from prometheus_client import REGISTRY
from prometheus_client.openmetrics.exposition import CONTENT_TYPE_LATEST, generate_latest

REQUEST_SECONDS = 5


class Readiness(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What a process can reach. Once it works, only the database decides whether it is ready."""

    database: bool
    nats: bool
    working: bool = True
    """False as long as a worker has not reached everything once, and when it is told to end."""

    @property
    def is_ready(self) -> bool:
        """Return whether requests and facts can be worked on, or will be once NATS is back."""
        return self.database and self.working


async def serve(
    host: str, port: int, readiness: Callable[[], Awaitable[Readiness]]
) -> asyncio.Server:
    """Begin to answer on host and port; close the server that is returned to end it."""

    async def on_connection(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(OSError, TimeoutError, asyncio.IncompleteReadError, ValueError):
            async with asyncio.timeout(REQUEST_SECONDS):
                request_line = await reader.readline()
                path = request_line.decode("ascii").split(" ")[1]
                writer.write(await _answer(path, readiness))
                await writer.drain()
        writer.close()

    return await asyncio.start_server(on_connection, host, port, limit=8192)


async def _answer(path: str, readiness: Callable[[], Awaitable[Readiness]]) -> bytes:
    if path == "/livez":
        return _response(200, "text/plain", b"alive\n")
    if path == "/readyz":
        state = await readiness()
        return _response(
            200 if state.is_ready else 503, "application/json", msgspec.json.encode(state)
        )
    if path == "/metrics":
        return _response(200, CONTENT_TYPE_LATEST, _metrics())
    return _response(404, "text/plain", b"not found\n")


def _metrics() -> bytes:
    exposition: bytes = generate_latest(REGISTRY)  # type: ignore[no-untyped-call]
    return exposition


def _response(status: int, content_type: str, body: bytes) -> bytes:
    head = (
        f"HTTP/1.1 {status} {HTTPStatus(status).phrase}\r\n"
        f"Content-Type: {content_type}\r\nContent-Length: {len(body)}\r\nConnection: close\r\n\r\n"
    )
    return head.encode() + body

"""Answers /livez, /readyz and /metrics of a worker, or the exporter, on a small port of its own."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from contextlib import suppress
from http import HTTPStatus

import msgspec
from prometheus_client import REGISTRY
from prometheus_client.openmetrics.exposition import CONTENT_TYPE_LATEST, generate_latest

from shared.database import Pool
from shared.telemetry import LOOP_LAG, POOL

MEASURE_SECONDS = 1.0
REQUEST_SECONDS = 20
"""The exporter's answer takes as long as the slowest server that it asks."""


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


async def keep_measuring(pool: Pool) -> None:
    """Measure how late the event loop is and how much of the pool is in use, until cancelled."""
    while True:
        due = time.monotonic() + MEASURE_SECONDS
        await asyncio.sleep(MEASURE_SECONDS)
        LOOP_LAG.observe(max(0.0, time.monotonic() - due))
        POOL.labels("used").set(pool.get_size() - pool.get_idle_size())
        POOL.labels("most").set(pool.get_max_size())


async def process_metrics() -> bytes:
    """Return what this process has measured, in OpenMetrics."""
    exposition: bytes = generate_latest(REGISTRY)  # type: ignore[no-untyped-call]
    return exposition


async def serve(
    host: str,
    port: int,
    readiness: Callable[[], Awaitable[Readiness]],
    metrics: Callable[[], Awaitable[bytes]] = process_metrics,
) -> asyncio.Server:
    """Begin to answer on host and port; close the server that is returned to end it.

    Args:
        host: address to listen on.
        port: 0 takes a free one.
        readiness: what /readyz says.
        metrics: what /metrics says.
    """

    async def on_connection(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(OSError, TimeoutError, asyncio.IncompleteReadError, ValueError):
            async with asyncio.timeout(REQUEST_SECONDS):
                request_line = await reader.readline()
                path = request_line.decode("ascii").split(" ")[1]
                writer.write(await _answer(path, readiness, metrics))
                await writer.drain()
        writer.close()

    return await asyncio.start_server(on_connection, host, port, limit=8192)


async def _answer(
    path: str,
    readiness: Callable[[], Awaitable[Readiness]],
    metrics: Callable[[], Awaitable[bytes]],
) -> bytes:
    if path == "/livez":
        return _response(200, "text/plain", b"alive\n")
    if path == "/readyz":
        state = await readiness()
        return _response(
            200 if state.is_ready else 503, "application/json", msgspec.json.encode(state)
        )
    if path == "/metrics":
        return _response(200, CONTENT_TYPE_LATEST, await metrics())
    return _response(404, "text/plain", b"not found\n")


def _response(status: int, content_type: str, body: bytes) -> bytes:
    head = (
        f"HTTP/1.1 {status} {HTTPStatus(status).phrase}\r\n"
        f"Content-Type: {content_type}\r\nContent-Length: {len(body)}\r\nConnection: close\r\n\r\n"
    )
    return head.encode() + body

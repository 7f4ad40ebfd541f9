"""Answers whether this process lives, whether it can serve, and what it has measured."""

from typing import Any

import asyncpg
import msgspec
from litestar import Response, get
from prometheus_client.openmetrics.exposition import CONTENT_TYPE_LATEST

from shared.database import CONNECTION_GONE
from shared.errors import NotFound
from shared.health import Readiness, process_metrics
from shared.web.access import PUBLIC
from shared.web.request import Request


@get("/livez", opt=PUBLIC, include_in_schema=False)
async def get_livez() -> Response[str]:
    """Say that the event loop turns; nothing else is looked at."""
    return Response("alive\n", media_type="text/plain")


@get("/readyz", opt=PUBLIC, include_in_schema=False)
async def get_readyz(request: Request) -> Response[bytes]:
    """Say whether pages can be served: the database answers and is migrated; NATS may be away."""
    try:
        migrated = await request.pool.fetchval(
            "select to_regclass('ended_session') is not null", timeout=2
        )
    except (OSError, TimeoutError, asyncpg.PostgresError, *CONNECTION_GONE):
        migrated = False
    state = Readiness(database=bool(migrated), nats=request.app.state.bus.is_connected)
    return Response(
        msgspec.json.encode(state),
        status_code=200 if state.is_ready else 503,
        media_type="application/json",
    )


@get("/metrics", opt=PUBLIC, include_in_schema=False)
async def get_metrics(request: Request) -> Response[Any]:
    """Return Prometheus metrics, only to who asks this process itself and not the gateway.

    The gateway marks what it forwards with X-Forwarded-For; the network lets nobody else near.

    Raises:
        NotFound: the request came through the gateway.
    """
    if "x-forwarded-for" in request.headers:
        raise NotFound
    return Response(await process_metrics(), media_type=CONTENT_TYPE_LATEST)

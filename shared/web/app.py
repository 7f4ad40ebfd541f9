"""Builds the HTTP application of a service: routes, frame, errors, health."""

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path
from typing import Final

from litestar import Litestar
from litestar.datastructures import State
from litestar.openapi import OpenAPIConfig
from litestar.openapi.plugins import JsonRenderPlugin
from litestar.router import Router
from litestar.types import ControllerRouterHandler

from shared.auth import TokenVerifier
from shared.database import close_pool, open_pool_patiently
from shared.ended_sessions import EndedSessions
from shared.health import keep_measuring
from shared.settings import ServiceSettings
from shared.web.access import PUBLIC, capability_kinds, require_access
from shared.web.addresses import Proxies
from shared.web.bus import Bus
from shared.web.entry import Entry
from shared.web.health import get_livez, get_metrics, get_readyz
from shared.web.limits import Misses
from shared.web.problems import answer_exception
from shared.web.rendering import open_templates
from shared.web.request import Request, require_readable
from shared.web.sessions import Recognition, admit, renew_by_asking
from shared.web.static import get_static, shipped_assets

MIB: Final = 1024 * 1024
BODY_BYTES: Final = MIB
"""What a form or a JSON document may weigh."""
UPLOAD_BYTES: Final = 32 * MIB
"""What a route for files may set as its `request_max_body_size`."""

Lifespan = Callable[[Litestar], AbstractAsyncContextManager[None]]


def create_app(
    *,
    service: str,
    settings: ServiceSettings,
    routes: Sequence[ControllerRouterHandler],
    pages: Path | Sequence[Path],
    lifespan: Sequence[Lifespan] = (),
) -> Litestar:
    """Return the ASGI application; it refuses to start if a route does not say who may use it.

    Args:
        service: its name, as in `services.<name>`.
        settings: the service's own, which the routes find in `request.app.state.settings`.
        routes: handlers and routers; JSON ones below `/api/<service>/v1` with
            `include_in_schema=True`.
        pages: folder or folders of the service's own templates.
        lifespan: context managers that are entered after the pool is open.

    Raises:
        AccessMissing: names each route without `opt=PUBLIC`, `staff(…)` or `capability(…)`.
    """
    folders = (pages,) if isinstance(pages, Path) else tuple(pages)
    app = Litestar(
        route_handlers=[get_livez, get_readyz, get_metrics, get_static, *routes],
        request_class=Request,
        guards=[require_readable, admit],
        exception_handlers={Exception: answer_exception},
        request_max_body_size=BODY_BYTES,
        include_in_schema=False,
        lifespan=[_running(service, settings), *lifespan],
        state=_state(settings, folders),
        openapi_config=_openapi(service),
        logging_config=None,
    )
    require_access(app)
    app.state.capability_kinds = capability_kinds(app)
    app.asgi_handler = Entry(app.asgi_handler, Proxies(settings.trusted_proxies))
    return app


def _state(settings: ServiceSettings, folders: tuple[Path, ...]) -> State:
    return State(
        {
            "settings": settings,
            "public_url": settings.public_url,
            "assets": shipped_assets(),
            "templates": open_templates(folders),
            "misses": Misses(),
        }
    )


def _openapi(service: str) -> OpenAPIConfig:
    return OpenAPIConfig(
        title=f"Ehrensache {service}",
        version="1",
        openapi_router=Router(f"/api/{service}/v1", route_handlers=[], opt=PUBLIC),
        render_plugins=[JsonRenderPlugin(path="/openapi.json")],
    )


def _running(service: str, settings: ServiceSettings) -> Lifespan:
    @asynccontextmanager
    async def running(app: Litestar) -> AsyncIterator[None]:
        pool = await open_pool_patiently(service, "api", settings)
        bus = Bus(service, settings)
        bus.open()
        app.state.update({"pool": pool, "bus": bus})
        app.state.recognition = Recognition(
            TokenVerifier(settings.staff_token_public_key, settings.public_url),
            EndedSessions(pool),
            renew_by_asking(lambda: bus.asks),
        )
        measuring = asyncio.create_task(keep_measuring(pool))
        try:
            yield
        finally:
            measuring.cancel()
            await bus.close()
            await close_pool(pool)

    return running

"""Wires events' HTTP application together."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path

from litestar import Litestar

from services.events.feeds.gate import FeedGate
from services.events.feeds.shelf import Shelf
from services.events.http.composing import PER_MINUTE
from services.events.http.routes import ROUTES
from services.events.settings import Settings
from shared.memory import keep_what_is_loaded
from shared.settings import from_environment
from shared.web.addresses import Proxies
from shared.web.app import create_app
from shared.web.limits import Misses

HERE = Path(__file__).parent
PAGES = (
    HERE / "pages",
    HERE / "associations" / "pages",
    HERE / "committees" / "pages",
    HERE / "courses" / "pages",
)


def api() -> Litestar:
    """Return the application that answers HTTP, built from the environment."""
    app = app_for(from_environment(Settings))
    keep_what_is_loaded()
    return app


def app_for(settings: Settings) -> Litestar:
    """Return the application that answers HTTP with these settings."""
    app = create_app(
        service="events",
        settings=settings,
        routes=ROUTES,
        pages=PAGES,
        lifespan=[_shelving],
    )
    app.state.composing = Misses(per_minute=PER_MINUTE)
    app.state.course_requests = Misses()
    app.asgi_handler = FeedGate(app.asgi_handler, app.state, Proxies(settings.trusted_proxies))
    return app


@asynccontextmanager
async def _shelving(app: Litestar) -> AsyncIterator[None]:
    """Hold the feeds' revisions in memory while the application runs."""
    settings: Settings = app.state.settings
    shelf = Shelf(app.state.pool, settings.site, packs=settings.packs_feeds)
    await shelf.refresh()
    app.state.shelf = shelf
    watching = asyncio.create_task(shelf.watch(settings.database_url))
    try:
        yield
    finally:
        watching.cancel()
        with suppress(asyncio.CancelledError):
            await watching

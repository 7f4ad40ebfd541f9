"""Wires registry's HTTP application together."""

from pathlib import Path

import httpx
from litestar import Litestar

from services.registry import api as json_api
from services.registry.imports import http as imports
from services.registry.organisations import http as organisations
from services.registry.people import http as people
from services.registry.settings import Settings
from services.registry.sign_in import http as sign_in
from shared.memory import keep_what_is_loaded
from shared.settings import from_environment
from shared.web.app import create_app

HERE = Path(__file__).parent
PAGES = [HERE / "pages", HERE / "sign_in" / "pages"]
ROUTES = [*sign_in.ROUTES, *people.ROUTES, *organisations.ROUTES, *imports.ROUTES, *json_api.ROUTES]


def api() -> Litestar:
    """Build the HTTP application from the environment."""
    app = create(from_environment(Settings))
    keep_what_is_loaded()
    return app


def create(settings: Settings, transport: httpx.AsyncBaseTransport | None = None) -> Litestar:
    """Build the HTTP application; the transport reaches the OpenID provider, if not the network."""
    return create_app(
        service="registry",
        settings=settings,
        routes=ROUTES,
        pages=PAGES,
        lifespan=[sign_in.signing_in(settings, transport)],
    )

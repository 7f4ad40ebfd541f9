"""Wires recognition's HTTP application together."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from litestar import Litestar

from services.recognition.honouring.http import (
    admission,
    asking,
    association,
    association_code,
    changes,
    clerk_answers,
    doors,
    event_api,
    events,
    guest_api,
    guest_list,
    guests,
    proposals,
    quotas,
    selection,
    waiting,
    waves,
)
from services.recognition.settings import Settings
from shared.memory import keep_what_is_loaded
from shared.settings import from_environment
from shared.web.app import create_app

PAGES = Path(__file__).parent / "honouring" / "pages"
ROUTES = [
    *events.ROUTES,
    *event_api.ROUTES,
    *changes.ROUTES,
    *admission.ROUTES,
    *quotas.ROUTES,
    *asking.ROUTES,
    *proposals.ROUTES,
    *selection.ROUTES,
    *waves.ROUTES,
    *guest_list.ROUTES,
    *association.ROUTES,
    *association_code.ROUTES,
    *guests.ROUTES,
    *guest_api.ROUTES,
    *clerk_answers.ROUTES,
    *doors.ROUTES,
    *waiting.ROUTES,
]


def api() -> Litestar:
    """Build the HTTP application from the environment."""
    app = create(from_environment(Settings))
    keep_what_is_loaded()
    return app


def create(settings: Settings) -> Litestar:
    """Build the HTTP application."""
    keys = settings.ticket_keys

    @asynccontextmanager
    async def know_ticket_keys(app: Litestar) -> AsyncIterator[None]:
        app.state.ticket_keys = keys
        yield

    return create_app(
        service="recognition",
        settings=settings,
        routes=ROUTES,
        pages=PAGES,
        lifespan=[know_ticket_keys],
    )

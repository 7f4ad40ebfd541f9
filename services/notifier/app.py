"""Wires notifier's HTTP application together."""

from pathlib import Path

from litestar import Litestar

from services.notifier.http.routes import ROUTES
from services.notifier.settings import Settings
from shared.memory import keep_what_is_loaded
from shared.settings import from_environment
from shared.web.app import create_app

PAGES = Path(__file__).parent / "pages"


def api() -> Litestar:
    """Return the application that answers HTTP, built from the environment."""
    app = create_app(
        service="notifier", settings=from_environment(Settings), routes=ROUTES, pages=PAGES
    )
    keep_what_is_loaded()
    return app

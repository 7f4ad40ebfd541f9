"""Wires registry together: its settings, routes, answers and timers."""

from collections.abc import Sequence
from pathlib import Path

import httpx
from litestar import Litestar

from services.registry import api as json_api
from services.registry import store
from services.registry.answers import answers
from services.registry.imports import http as imports
from services.registry.imports.store import findings
from services.registry.imports.work import forget_old_imports, run_next
from services.registry.organisations import http as organisations
from services.registry.people import http as people
from services.registry.sign_in import http as sign_in
from services.registry.sign_in.settings import SignInSettings
from services.registry.sign_in.tokens import answers as token_answers
from services.registry.sign_in.work import forget_sign_ins
from services.registry.subscriptions import subscriptions
from shared.process import Parts, Worker
from shared.settings import from_environment
from shared.timers import HOUR, Timer, forget
from shared.web.app import create_app

HERE = Path(__file__).parent
PAGES = [HERE / "pages", HERE / "sign_in" / "pages"]
ROUTES = [*sign_in.ROUTES, *people.ROUTES, *organisations.ROUTES, *imports.ROUTES, *json_api.ROUTES]
IMPORT_SECONDS = 0.5


class Settings(SignInSettings, frozen=True, kw_only=True):
    """What registry needs to know besides what every service does."""


def api() -> Litestar:
    """Build the HTTP application from the environment."""
    return create(from_environment(Settings))


def create(settings: Settings, transport: httpx.AsyncBaseTransport | None = None) -> Litestar:
    """Build the HTTP application; the transport reaches the OpenID provider, if not the network."""
    return create_app(
        service="registry",
        settings=settings,
        routes=ROUTES,
        pages=PAGES,
        lifespan=[sign_in.signing_in(settings, transport)],
    )


def _timers(parts: Parts) -> Sequence[Timer]:
    async def run_imports() -> int:
        return await run_next(parts.pool)

    async def forget_findings() -> int:
        return await forget_old_imports(parts.pool)

    async def forget_old_sign_ins() -> int:
        return await forget_sign_ins(parts.pool)

    return [
        Timer("forget_sign_ins", HOUR, forget_old_sign_ins),
        Timer("run_imports", IMPORT_SECONDS, run_imports),
        Timer("forget_findings", HOUR, forget_findings),
        forget("forget_imports", parts.pool, findings.forget_imports),
        forget("forget_changes", parts.pool, store.forget_changes),
    ]


WORKER = Worker(
    subscriptions=lambda _parts: subscriptions(),
    answers=lambda parts: [*answers(parts.pool), *token_answers(parts.settings, parts.pool)],
    timers=_timers,
)

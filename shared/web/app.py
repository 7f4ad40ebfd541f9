"""Builds the HTTP application of a service: routes, frame, errors, health."""

from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AbstractAsyncContextManager
from pathlib import Path

from litestar import Litestar
from litestar.types import ControllerRouterHandler

from shared.settings import ServiceSettings

Lifespan = Callable[[Litestar], AbstractAsyncContextManager[None]]


def create_app(
    *,
    service: str,
    settings: ServiceSettings,
    routes: Sequence[ControllerRouterHandler],
    pages: Path | Sequence[Path],
    lifespan: Sequence[Lifespan] = (),
) -> Litestar:
    """Return the ASGI application; it refuses to start if a route does not say who may use it."""
    raise NotImplementedError

"""Says who may use a route, beside the route, and stops whoever may not."""

import enum
from typing import Any, Final

import msgspec
from litestar import Litestar
from litestar.routes import HTTPRoute

from shared.auth import Role

KEY: Final = "access"


class Kind(enum.Enum):
    """By what a visitor may enter."""

    PUBLIC = "public"
    STAFF = "staff"
    CAPABILITY = "capability"


class Access(msgspec.Struct, frozen=True):
    """What a route asks of its visitors."""

    kind: Kind
    roles: frozenset[Role] = frozenset()
    """For staff: one of these; empty means any signed-in member of staff."""
    capability: str = ""
    """For a capability: what its link opens, such as `invitation`."""


PUBLIC: Final[dict[str, Any]] = {KEY: Access(Kind.PUBLIC)}
"""For `opt=`: anyone may call the route."""


def staff(*roles: Role) -> dict[str, Any]:
    """Return the `opt=` of a route for signed-in staff with one of the roles, or any of them."""
    return {KEY: Access(Kind.STAFF, frozenset(roles))}


def capability(kind: str) -> dict[str, Any]:
    """Return the `opt=` of a route for whoever has opened a personal link of this kind."""
    return {KEY: Access(Kind.CAPABILITY, capability=kind)}


class AccessMissing(Exception):
    """Start-up stops: these routes do not say who may use them."""

    def __init__(self, routes: list[str]) -> None:
        super().__init__("routes without access: " + ", ".join(routes))


def require_access(app: Litestar) -> None:
    """Make sure that every route says who may use it.

    Raises:
        AccessMissing: names those that do not.
    """
    open_routes = [f"{method} {path}" for method, path, access in _routes(app) if access is None]
    if open_routes:
        raise AccessMissing(open_routes)


def capability_kinds(app: Litestar) -> tuple[str, ...]:
    """Return the kinds of personal links that the app's routes ask for."""
    kinds = {access.capability for _, _, access in _routes(app) if access and access.capability}
    return tuple(sorted(kinds))


class RouteAccess(msgspec.Struct, frozen=True):
    """One line of the matrix of routes and roles."""

    method: str
    path: str
    access: Access

    def admits(self, role: Role) -> bool:
        """Whether a member of staff with only this role may use the route."""
        if self.access.kind is Kind.STAFF:
            return not self.access.roles or role in self.access.roles
        return self.access.kind is Kind.PUBLIC


def role_matrix(app: Litestar) -> list[RouteAccess]:
    """Return every route with who may use it, by path and method."""
    return [
        RouteAccess(method, path, access)
        for method, path, access in _routes(app)
        if access is not None
    ]


def _routes(app: Litestar) -> list[tuple[str, str, Access | None]]:
    found = [
        (method, route.path_format, handler.opt.get(KEY))
        for route in app.routes
        if isinstance(route, HTTPRoute)
        for handler in route.route_handlers
        for method in handler.http_methods
        if method != "OPTIONS"
    ]
    return sorted(found, key=lambda line: (line[1], line[0]))

"""Says who may use a route, beside the route, and stops whoever may not."""

import enum
from typing import Any, Final

import msgspec

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

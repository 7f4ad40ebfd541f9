"""Sets this origin's cookies on whatever answer the request gets, an error page included."""

from http.cookies import CookieError, SimpleCookie
from typing import Final

from litestar.types import Scope

SESSION: Final = "__Host-session"
"""Reference of the server-side session; only registry knows what it stands for."""
STAFF: Final = "__Host-staff"
"""The signed ten-minute token of a member of staff."""
MESSAGE: Final = "__Host-message"
"""What the next page says once."""

_PENDING: Final = "ehrensache_cookies"
_ATTRIBUTES: Final = "; Path=/; Secure; HttpOnly; SameSite=Lax"


def capability_cookie(kind: str) -> str:
    """Return the name of the cookie that holds a capability of this kind."""
    return f"__Host-{kind}"


def set_cookie(scope: Scope, name: str, value: str, max_age_seconds: int | None = None) -> None:
    """Set a cookie for this origin only; without an age it lasts until the browser is closed.

    The value must consist of URL-safe characters.
    """
    age = "" if max_age_seconds is None else f"; Max-Age={max_age_seconds}"
    pending(scope)[name] = f"{name}={value}{_ATTRIBUTES}{age}"


def clear_cookie(scope: Scope, name: str) -> None:
    """Have the browser forget a cookie."""
    set_cookie(scope, name, "", max_age_seconds=0)


def pending(scope: Scope) -> dict[str, str]:
    """Return the Set-Cookie values that this request's answer will carry, by cookie name."""
    found: dict[str, str] = scope.setdefault(_PENDING, {})  # type: ignore[typeddict-item]
    return found


def read_cookies(header: str) -> dict[str, str]:
    """Return a Cookie header's pairs; one that cannot be read holds none."""
    try:
        return {name: morsel.value for name, morsel in SimpleCookie(header).items()}
    except CookieError:
        return {}

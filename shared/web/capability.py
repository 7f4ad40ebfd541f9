"""Opens personal links: a secret in an address or on paper becomes a cookie for thirty minutes."""

from litestar import Response

from shared.errors import NotFound
from shared.web.cookies import capability_cookie, clear_cookie, set_cookie
from shared.web.limits import Misses
from shared.web.request import Request

MINUTES = 30


class LinkUnknown(NotFound):
    """No such link: never given out, run out, or called back; nobody learns which."""

    def __init__(self) -> None:
        super().__init__(
            "Dieser Link oder Code ist uns nicht bekannt oder gilt nicht mehr. Bitte vergleichen"
            " Sie ihn mit Ihrem Brief oder Ihrer E-Mail."
        )


def check_misses(request: Request) -> None:
    """Let the visitor try a secret; call it before looking one up.

    Raises:
        TooManyAttempts: more than 20 misses a minute from this address.
    """
    _misses(request).check(request.client_address)


def missed(request: Request) -> LinkUnknown:
    """Count a secret that does not exist, and return what to raise."""
    _misses(request).note(request.client_address)
    return LinkUnknown()


def enter(request: Request, kind: str, secret: str, path: str) -> Response[str]:
    """Give the browser the capability and send it to a page without the secret in its address."""
    set_cookie(request.scope, capability_cookie(kind), secret, max_age_seconds=MINUTES * 60)
    return Response("", status_code=303, headers={"location": path})


def leave(request: Request, kind: str) -> None:
    """Take the capability back from the browser."""
    clear_cookie(request.scope, capability_cookie(kind))


def _misses(request: Request) -> Misses:
    misses: Misses = request.app.state.misses
    return misses

"""Makes sure that a change was sent from a page of ours by the browser that the page was for."""

import base64
import hashlib
import hmac
import secrets
from typing import Final

from shared.errors import Forbidden
from shared.web.request import Request

FIELD: Final = "_csrf"
HEADER: Final = "x-csrf-token"
UNSAFE: Final = frozenset({"POST", "PUT", "PATCH", "DELETE"})
_SALT_BYTES: Final = 9


class CrossSiteRequest(Forbidden):
    """A change came from another site, or from a page that was for another browser."""

    def __init__(self) -> None:
        super().__init__(
            "Die Seite war zu lange geöffnet oder gehört zu einer anderen Sitzung. Bitte laden Sie"
            " sie neu und senden Sie Ihre Eingaben noch einmal."
        )


def new_csrf_token(request: Request) -> str:
    """Return a token for the forms of one page; empty for a visitor who holds no cookie of ours.

    It is keyed by the secret in the visitor's own cookie, so that each service can check a form
    of another's page, and salted, so that no two pages show the same.
    """
    secret = request.held_secret
    return _token(secret, secrets.token_bytes(_SALT_BYTES)) if secret else ""


async def check_csrf(request: Request) -> None:
    """Let safe requests pass, and unsafe ones that come from a page of ours.

    Raises:
        CrossSiteRequest: sent from elsewhere, or without a token that fits the cookies.
    """
    if request.method not in UNSAFE:
        return
    if not _is_same_origin(request):
        raise CrossSiteRequest
    held = request.held_secrets
    if held and not _fits(await _sent_token(request), held):
        await (await request.form()).close()
        raise CrossSiteRequest


def _is_same_origin(request: Request) -> bool:
    site = request.headers.get("sec-fetch-site")
    if site is not None:
        return site == "same-origin"
    origin = request.headers.get("origin")
    return origin is None or origin == request.app.state.public_url


async def _sent_token(request: Request) -> str:
    if header := request.headers.get(HEADER):
        return header
    form = await request.form()
    return str(form.get(FIELD, ""))


def _token(secret: str, salt: bytes) -> str:
    digest = hmac.digest(hashlib.sha256(b"csrf" + secret.encode()).digest(), salt, "sha256")
    return base64.urlsafe_b64encode(salt + digest).decode()


def _fits(token: str, held: list[str]) -> bool:
    try:
        salt = base64.urlsafe_b64decode(token.encode())[:_SALT_BYTES]
    except ValueError:
        return False
    sent = token.encode()
    return any(hmac.compare_digest(_token(secret, salt).encode(), sent) for secret in held)

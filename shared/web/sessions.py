"""Recognises staff by their signed token, and has it renewed while their session lives."""

import hashlib
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from typing import Any, Final, cast
from uuid import UUID

from litestar.connection import ASGIConnection
from litestar.handlers.base import BaseRouteHandler

from shared.asks import AskFailed, Asks
from shared.auth import Staff, TokenInvalid, TokenVerifier
from shared.contracts.registry import StaffTokens
from shared.ended_sessions import EndedSessions
from shared.errors import Forbidden
from shared.web import cookies
from shared.web.access import KEY, Access, Kind
from shared.web.csrf import UNSAFE, check_csrf
from shared.web.request import NotSignedIn, Request

Renew = Callable[[UUID], Awaitable[str | None]]
"""Returns a fresh token for the live session with this key, or None."""
KEY_BYTES: Final = 16


class WrongRole(Forbidden):
    """Somebody is signed in, with roles that do not include one the route asks for."""

    def __init__(self, member: Staff, access: Access) -> None:
        wanted = " oder ".join(sorted(role.label for role in access.roles))
        has = ", ".join(sorted(role.label for role in member.roles)) or "keine"
        super().__init__(
            f"Diese Seite ist für die Rolle {wanted} bestimmt. Sie sind angemeldet als"
            f" {member.name}; Ihre Rollen: {has}."
        )


def session_key(reference: str) -> UUID:
    """Return the key of a session: half of the hash of the secret in its cookie.

    Only who holds the cookie can name it, so that asking registry for a token proves the session
    and never sends the secret itself over the bus.
    """
    digest = hashlib.sha256(reference.encode("utf-8", "surrogatepass")).digest()
    return UUID(bytes=digest[:KEY_BYTES])


def renew_by_asking(asks: Callable[[], Asks]) -> Renew:
    """Return the renewal of every service but registry: it asks registry over NATS."""

    async def renew(key: UUID) -> str | None:
        rows = await asks()(StaffTokens, [key])
        return rows[0].token if rows else None

    return renew


class Recognition:
    """Finds out who of the staff is asking."""

    def __init__(self, verifier: TokenVerifier, ended: EndedSessions, renew: Renew) -> None:
        self._verifier = verifier
        self._ended = ended
        self.renew = renew

    async def recognise(self, request: Request) -> Staff | None:
        """Return the member whose token is valid now and whose session goes on."""
        token = request.cookies.get(cookies.STAFF)
        return await self._check(token) if token else None

    async def renewed(self, request: Request) -> Staff | None:
        """Return the member whose session goes on, with a fresh token set on the answer.

        Raises:
            AskFailed: registry cannot be asked now.
        """
        reference = request.cookies.get(cookies.SESSION)
        token = await self.renew(session_key(reference)) if reference else None
        member = await self._check(token) if token else None
        if token and member:
            cookies.set_cookie(request.scope, cookies.STAFF, token)
        return member

    async def _check(self, token: str) -> Staff | None:
        try:
            member = self._verifier.verify(token, datetime.now(UTC))
        except TokenInvalid:
            return None
        return None if await self._ended.holds(member.session_id) else member


async def admit(connection: ASGIConnection[Any, Any, Any, Any], route: BaseRouteHandler) -> None:
    """Let a request in if the visitor may use the route and meant to send it.

    Raises:
        NotSignedIn, WrongRole, LinkMissing: not for this visitor.
        CrossSiteRequest: sent from elsewhere.
    """
    request = cast("Request", connection)
    access: Access = route.opt[KEY]
    recognition: Recognition = request.app.state.recognition
    member = await recognition.recognise(request)
    if access.kind is Kind.STAFF:
        member = member or await _renewed(recognition, request)
        _check_role(member, access)
    elif access.kind is Kind.CAPABILITY:
        request.capability(access.capability)
    request.scope["user"] = member
    await check_csrf(request)


async def _renewed(recognition: Recognition, request: Request) -> Staff | None:
    try:
        return await recognition.renewed(request)
    except AskFailed as error:
        if request.method in UNSAFE or not request.wants_page:
            raise
        raise NotSignedIn from error  # the browser carries the question to registry instead


def _check_role(member: Staff | None, access: Access) -> None:
    if member is None:
        raise NotSignedIn
    if access.roles and not access.roles & member.roles:
        raise WrongRole(member, access)

"""The pages for signing in and out, the start page of the console, and one's sessions."""

import time
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Final
from uuid import UUID

import httpx
from litestar import Litestar, get, post
from litestar.params import FromPath

from services.registry.sign_in import store
from services.registry.sign_in.commands.begin_sign_in import BeginSignIn, begin_sign_in
from services.registry.sign_in.commands.end_session import EndSession, end_session
from services.registry.sign_in.commands.open_session import OpenSession, open_session
from services.registry.sign_in.model import (
    ABSOLUTE,
    IDLE,
    Attempt,
    ProviderAway,
    Session,
    SignInDeclined,
    SignInExpired,
    SignInUntrusted,
    attempt_hashes,
    browser_name,
    now,
)
from services.registry.sign_in.oidc import CALLBACK, Provider
from services.registry.sign_in.secrets import new_secret
from services.registry.sign_in.settings import SignInSettings
from services.registry.sign_in.tokens import Tokens
from shared.auth import Role
from shared.database import transaction
from shared.errors import NotFound
from shared.telemetry import log
from shared.web import cookies
from shared.web.access import PUBLIC, staff
from shared.web.limits import Misses
from shared.web.navigation import entries_for
from shared.web.pages import Page, is_local, page, see_other
from shared.web.request import Request
from shared.web.sessions import session_key

HOME: Final = "/konsole"
SESSIONS: Final = "/konsole/sitzungen"
ATTEMPT_COOKIE: Final = "__Host-sign-in"
ATTEMPT_SECONDS: Final = 600
SIGN_INS_PER_MINUTE: Final = 20


class SignIn:
    """What the routes of this module need besides the request."""

    def __init__(self, settings: SignInSettings, provider: Provider, tokens: Tokens) -> None:
        self.settings = settings
        self.provider = provider
        self.tokens = tokens
        self.limit = Misses(SIGN_INS_PER_MINUTE, time.monotonic)


def signing_in(
    settings: SignInSettings, transport: httpx.AsyncBaseTransport | None = None
) -> Callable[[Litestar], AbstractAsyncContextManager[None]]:
    """Return the lifespan that the routes need; registry renews tokens without asking over NATS.

    Args:
        settings: registry's own.
        transport: how the provider is reached; by network where left out.
    """

    @asynccontextmanager
    async def running(app: Litestar) -> AsyncIterator[None]:
        tokens = Tokens(settings, app.state.pool)
        provider = Provider(settings, transport)
        app.state.sign_in = SignIn(settings, provider, tokens)
        app.state.recognition.renew = tokens.renew
        try:
            yield
        finally:
            await provider.close()

    return running


@get("/anmelden", opt=PUBLIC)
async def get_sign_in(request: Request) -> Page:
    """Send the browser to the provider, or straight on if its session is still alive."""
    wanted = request.query_params.get("weiter") or HOME
    return_path = wanted if is_local(wanted) else HOME
    if await request.app.state.recognition.renewed(request):
        return see_other(request, return_path)
    parts = _parts(request)
    parts.limit.check(request.client_address)
    parts.limit.note(request.client_address)
    state, browser_secret = new_secret(), new_secret()
    attempt = Attempt(new_secret(), new_secret(), return_path)
    address = await parts.provider.authorization_url(state, attempt)
    async with transaction(request.pool) as opened:
        await begin_sign_in(opened, BeginSignIn(state, browser_secret, attempt))
    cookies.set_cookie(request.scope, ATTEMPT_COOKIE, browser_secret, ATTEMPT_SECONDS)
    return Page("", status_code=303, headers={"location": address})


@get(CALLBACK, opt=PUBLIC)
async def get_sign_in_answer(request: Request) -> Page:
    """Take the provider's answer and open a session."""
    parts = _parts(request)
    attempt = await _attempt(request)
    cookies.clear_cookie(request.scope, ATTEMPT_COOKIE)
    code = request.query_params.get("code")
    if "error" in request.query_params or not code:
        raise SignInDeclined
    try:
        parts.provider.check_issuer(request.query_params.get("iss"))
        identity = await parts.provider.identify(code, attempt)
    except SignInUntrusted as refusal:
        log().warning("sign_in_untrusted", reason=refusal.reason)
        raise
    await _end_present_session(request)
    reference = new_secret()
    command = OpenSession(
        identity=identity,
        group_prefix=parts.settings.oidc_group_prefix,
        key=session_key(reference),
        browser=browser_name(request.headers.get("user-agent", "")),
    )
    async with transaction(request.pool) as opened:
        session = await open_session(opened, command)
    cookies.set_cookie(request.scope, cookies.SESSION, reference)
    cookies.set_cookie(request.scope, cookies.STAFF, parts.tokens.sign(session))
    return see_other(request, attempt.return_path)


@post("/abmelden", opt=PUBLIC)
async def post_sign_out(request: Request) -> Page:
    """End this browser's session, if it has one."""
    await _end_present_session(request)
    cookies.clear_cookie(request.scope, cookies.SESSION)
    cookies.clear_cookie(request.scope, cookies.STAFF)
    return see_other(request, "/abmelden")


@get("/abmelden", opt=PUBLIC)
async def get_signed_out(request: Request) -> Page:
    """Say that nobody is signed in any more, or offer to sign out."""
    try:
        elsewhere = await _parts(request).provider.sign_out_url()
    except (ProviderAway, SignInUntrusted):
        elsewhere = ""  # whoever has left here can do without the provider's own page
    return page(request, "abgemeldet.html", elsewhere=elsewhere)


@get(HOME, opt=staff())
async def get_console(request: Request) -> Page:
    """Show what one can do, by role."""
    entries = [entry for entry in entries_for(request.signed_in) if entry.path != HOME]
    return page(request, "konsole.html", entries=entries)


@get(SESSIONS, opt=staff())
async def get_sessions(request: Request) -> Page:
    """Show where one is signed in; operators see everybody."""
    member = request.signed_in
    everybody = Role.ADMIN in member.roles
    async with request.pool.acquire() as connection:
        found = await store.sessions(
            connection, None if everybody else member.subject, now() - IDLE, now() - ABSOLUTE
        )
    return page(request, "sitzungen.html", sessions=found, everybody=everybody)


@post(SESSIONS + "/{session_id:uuid}/beenden", opt=staff())
async def post_session_end(request: Request, session_id: FromPath[UUID]) -> Page:
    """End one of one's own sessions, or as operator anybody's.

    Raises:
        NotFound: it is not there, or not one's own.
    """
    member = request.signed_in
    async with transaction(request.pool) as opened:
        session = await store.find_session(opened, session_id)
        if session is None or not _may_end(session, request):
            raise NotFound("Diese Sitzung gibt es nicht (mehr).")
        await end_session(opened, EndSession(session_id, member.subject))
    return see_other(request, SESSIONS, "Die Sitzung ist beendet.")


ROUTES: Final = [
    get_sign_in, get_sign_in_answer, post_sign_out, get_signed_out,
    get_console, get_sessions, post_session_end,
]  # fmt: skip


def _parts(request: Request) -> SignIn:
    parts: SignIn = request.app.state.sign_in
    return parts


def _may_end(session: Session, request: Request) -> bool:
    member = request.signed_in
    return session.subject == member.subject or Role.ADMIN in member.roles


async def _attempt(request: Request) -> Attempt:
    """Return what this browser has begun, once.

    Raises:
        SignInExpired: nothing, or not in this browser, or too long ago, or answered already.
    """
    state = request.query_params.get("state") or ""
    hashes = attempt_hashes(state, request.cookies.get(ATTEMPT_COOKIE) or "")
    async with transaction(request.pool) as opened:
        attempt = await store.find_attempt_once(opened, hashes)
    if attempt is None:
        raise SignInExpired
    return attempt


async def _end_present_session(request: Request) -> None:
    reference = request.cookies.get(cookies.SESSION)
    if not reference:
        return
    async with transaction(request.pool) as opened:
        session = await store.find_session_by_key(opened, session_key(reference))
        if session is not None:
            await end_session(opened, EndSession(session.session_id, session.subject))

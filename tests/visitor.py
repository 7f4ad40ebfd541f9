"""Visits a service's pages as a browser would: signs staff in, keeps cookies, sends forms."""

import asyncio
import re
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Any, Final
from uuid import UUID, uuid4

import httpx
from joserfc.jwk import OKPKey
from litestar import Litestar

from shared.auth import TOKEN_LIFETIME, Role, Staff, TokenSigner
from shared.web import cookies

PUBLIC_URL: Final = "https://ehrenamt.example.de"
_KEY: Final = OKPKey.generate_key("Ed25519")
STAFF_KEY: Final = _KEY.as_pem(private=True).decode()
"""Private key that tests sign staff tokens with."""
STAFF_PUBLIC_KEY: Final = _KEY.as_pem(private=False).decode()
"""What an app under test needs as `settings.staff_token_public_key`."""


class Visitor:
    """A browser at one service: it asks for pages, as a person does."""

    def __init__(self, client: httpx.AsyncClient) -> None:
        self.client = client

    def sign_in(self, *roles: Role, name: str = "Erika Beispiel") -> Staff:
        """Hold the cookies of a member of staff with these roles."""
        member = staff_member(*roles, name=name)
        self.hold(cookies.SESSION, f"session-{member.session_id}")
        self.hold(cookies.STAFF, TokenSigner(STAFF_KEY, PUBLIC_URL).sign(member))
        return member

    def hold(self, name: str, value: str) -> None:
        """Hold one cookie."""
        self.client.cookies.set(name, value, domain="ehrenamt.example.de")

    async def get(self, path: str, **options: Any) -> httpx.Response:
        """Ask for a page; redirects are not followed."""
        return await self.client.get(path, **options)

    async def post(
        self, path: str, fields: Mapping[str, Any] | None = None, **options: Any
    ) -> httpx.Response:
        """Send a form with the csrf token that a page of ours shows this browser."""
        token = await self.csrf_token()
        return await self.client.post(path, data={"_csrf": token, **(fields or {})}, **options)

    async def csrf_token(self) -> str:
        """Return the token of a page that every app has: the one for an unknown address."""
        shown = await self.client.get("/no-such-page")
        found = re.search(r'<meta name="csrf-token" content="([^"]*)">', shown.text)
        return found[1] if found else ""


def staff_member(
    *roles: Role, name: str = "Erika Beispiel", session_id: UUID | None = None
) -> Staff:
    """Return a member of staff whose token counts for ten minutes from now."""
    return Staff(
        subject="openid:erika",
        name=name,
        roles=frozenset(roles),
        session_id=session_id or uuid4(),
        expires_at=datetime.now(UTC).replace(microsecond=0) + TOKEN_LIFETIME,
    )


@asynccontextmanager
async def visiting(app: Litestar, peer: str = "127.0.0.1") -> AsyncIterator[Visitor]:
    """Start an app with its lifespan in this event loop and open a browser at it."""
    transport = httpx.ASGITransport(app, raise_app_exceptions=False, client=(peer, 40_000))  # type: ignore[arg-type]
    headers = {"accept": "text/html", "origin": PUBLIC_URL}
    async with (
        _living(app),
        httpx.AsyncClient(transport=transport, base_url=PUBLIC_URL, headers=headers) as client,
    ):
        yield Visitor(client)


@asynccontextmanager
async def _living(app: Litestar) -> AsyncIterator[None]:
    """Run the lifespan in a task of its own: a fixture may begin and end in different tasks."""
    started, stopping = asyncio.Event(), asyncio.Event()

    async def live() -> None:
        async with app.lifespan():
            started.set()
            await stopping.wait()

    living = asyncio.create_task(live())
    beginning = asyncio.create_task(started.wait())
    await asyncio.wait([living, beginning], return_when=asyncio.FIRST_COMPLETED)
    if living.done():
        beginning.cancel()
        await living
    try:
        yield
    finally:
        stopping.set()
        await living

"""Gives handlers the request with what the frame knows: pool, asks, who is asking."""

from collections.abc import AsyncGenerator
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote_to_bytes

import litestar
from litestar.connection import ASGIConnection
from litestar.datastructures import FormMultiDict, State
from litestar.enums import RequestEncodingType
from litestar.handlers import BaseRouteHandler

from shared.asks import Asks
from shared.auth import Staff
from shared.database import Pool
from shared.errors import Forbidden
from shared.web.cookies import SESSION, capability_cookie
from shared.web.part_charset import in_utf8
from shared.web.tokens import hash_token

if TYPE_CHECKING:
    Base = litestar.Request[Staff | None, None, State]
else:
    Base = litestar.Request


class LinkMissing(Forbidden):
    """The page belongs to a personal link that this browser has not opened, or not lately."""

    def __init__(self) -> None:
        super().__init__(
            "Diese Seite gehört zu einem persönlichen Link. Bitte öffnen Sie den Link aus Ihrem"
            " Brief oder Ihrer E-Mail noch einmal."
        )


class NotSignedIn(Forbidden):
    """Nobody is signed in; people are sent to the sign-in page (401 for programs)."""

    def __init__(self) -> None:
        super().__init__("Bitte melden Sie sich an.")


class Request(Base):
    """A request as handlers see it."""

    @property
    def pool(self) -> Pool:
        """Return the service's connection pool."""
        pool: Pool = self.app.state.pool
        return pool

    @property
    def asks(self) -> Asks:
        """Return what asks other services; without NATS each ask raises AskFailed."""
        asks: Asks = self.app.state.bus.asks
        return asks

    @property
    def staff(self) -> Staff | None:
        """Return who is signed in, also on a public page; None for everybody else."""
        member: Staff | None = self.scope.get("user")
        return member

    @property
    def signed_in(self) -> Staff:
        """Return who is signed in, on a route that asks for staff.

        Raises:
            NotSignedIn: nobody is.
        """
        if self.staff is None:
            raise NotSignedIn
        return self.staff

    def capability(self, kind: str) -> bytes:
        """Return the hash of the secret that this browser holds for links of this kind.

        Raises:
            LinkMissing: it holds none.
        """
        secret = self.cookies.get(capability_cookie(kind))
        if not secret:
            raise LinkMissing
        return hash_token(secret)

    @property
    def held_secrets(self) -> list[str]:
        """Return the secrets in this browser's cookies of ours, the session's first."""
        kinds: tuple[str, ...] = self.app.state.capability_kinds
        names = [SESSION, *map(capability_cookie, kinds)]
        return [secret for name in names if (secret := self.cookies.get(name))]

    @property
    def held_secret(self) -> str:
        """Return the secret that ties forms and messages to this browser; empty if it has none."""
        return next(iter(self.held_secrets), "")

    async def stream(self) -> AsyncGenerator[bytes, None]:
        """Yield the body in chunks; a form's parts are in UTF-8 (otherwise UnicodeError, 400)."""
        chunks = super().stream()
        kind, options = self.content_type
        if kind == RequestEncodingType.MULTI_PART and options.get("boundary"):
            chunks = in_utf8(chunks, options["boundary"])
        async for chunk in chunks:
            yield chunk

    async def form(self) -> FormMultiDict:
        """Read the form; what is not percent-encoded as it must be is not guessed at.

        Raises:
            UnicodeDecodeError: the framework would read bytes above 127 as Latin-1; 400.
        """
        if self.content_type[0] == RequestEncodingType.URL_ENCODED:
            (await self.body()).decode("ascii")
        return await super().form()

    @property
    def is_htmx(self) -> bool:
        """Whether htmx asks for a part of the page."""
        return self.headers.get("hx-request") == "true" and "hx-boosted" not in self.headers

    @property
    def wants_page(self) -> bool:
        """Whether a person is asking, who is answered with a page and not with JSON."""
        return not self.url.path.startswith("/api/") and "html" in self.headers.get("accept", "")

    @property
    def request_id(self) -> str:
        """Return the id under which this request stands in the log."""
        found: Any = self.scope.get("request_id", "")
        return str(found)

    @property
    def client_address(self) -> str:
        """Return the visitor's address: what the last trusted proxy says, else the peer's."""
        found: Any = self.scope.get("client_address", "")
        return str(found)


def require_readable(
    connection: ASGIConnection[Any, Any, Any, Any], _handler: BaseRouteHandler
) -> None:
    """Refuse an address with a query that is no UTF-8; the framework would read other characters.

    Raises:
        UnicodeDecodeError: answered with 400.
    """
    query = connection.scope["query_string"]
    query.decode("ascii")
    unquote_to_bytes(query).decode()

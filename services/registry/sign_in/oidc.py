"""Talks to the OpenID provider: discovery, the way there, the code, and what it vouches for."""

import time
from typing import Any, Final, TypeVar
from urllib.parse import urlencode

import httpx
import msgspec

from services.registry.sign_in.identity import IdToken, check_id_token, identity_of
from services.registry.sign_in.model import (
    Attempt,
    Identity,
    ProviderAway,
    SignInDeclined,
    SignInUntrusted,
)
from services.registry.sign_in.secrets import challenge_of
from services.registry.sign_in.settings import SignInSettings
from shared.telemetry import log

Answered = TypeVar("Answered")

FRESH_SECONDS: Final = 3_600.0
"""How long discovery and keys are kept."""
REFETCH_SECONDS: Final = 60.0
"""How soon keys may be fetched again because a token names one that is not known yet."""
TIMEOUT_SECONDS: Final = 5.0
CALLBACK: Final = "/anmelden/zurueck"


class Discovered(msgspec.Struct, frozen=True):
    """What the provider says of itself. Source: OpenID Connect Discovery 1.0, 3."""

    issuer: str
    authorization_endpoint: str
    token_endpoint: str
    jwks_uri: str
    userinfo_endpoint: str = ""
    end_session_endpoint: str = ""
    scopes_supported: tuple[str, ...] = ()


class _Granted(msgspec.Struct, frozen=True):
    id_token: str
    access_token: str = ""


class Provider:
    """The city's OpenID provider, as one confidential client of it sees it."""

    def __init__(
        self, settings: SignInSettings, transport: httpx.AsyncBaseTransport | None = None
    ) -> None:
        self._settings = settings
        self._http = httpx.AsyncClient(transport=transport, timeout=TIMEOUT_SECONDS)
        self._discovered: tuple[float, Discovered] | None = None
        self._keys: tuple[float, dict[str, Any]] | None = None

    async def close(self) -> None:
        """Let go of the connections."""
        await self._http.aclose()

    async def authorization_url(self, state: str, attempt: Attempt) -> str:
        """Return where the browser is sent. Source: RFC 6749 4.1.1, RFC 7636 4.3.

        Raises:
            ProviderAway: it cannot be reached.
        """
        known = await self._discover()
        asked = {
            "response_type": "code",
            "client_id": self._settings.oidc_client_id,
            "redirect_uri": self._settings.public_url + CALLBACK,
            "scope": _scope(self._settings.oidc_scope, known),
            "state": state,
            "nonce": attempt.nonce,
            "code_challenge": challenge_of(attempt.verifier),
            "code_challenge_method": "S256",
        }
        if self._settings.oidc_required_acr:
            asked["acr_values"] = self._settings.oidc_required_acr.replace(",", " ")
        return f"{known.authorization_endpoint}?{urlencode(asked)}"

    def check_issuer(self, named: str | None) -> None:
        """Make sure that an answer that names its issuer is ours. Source: RFC 9207 2.4.

        Raises:
            SignInUntrusted: it names another.
        """
        if named is not None and named != self._settings.oidc_issuer:
            raise SignInUntrusted("answer of another issuer")

    async def sign_out_url(self) -> str:
        """Return where the person may also end the provider's own session; empty if nowhere."""
        known = await self._discover()
        if not known.end_session_endpoint:
            return ""
        back = {
            "client_id": self._settings.oidc_client_id,
            "post_logout_redirect_uri": self._settings.public_url + "/abmelden",
        }
        return f"{known.end_session_endpoint}?{urlencode(back)}"

    async def identify(self, code: str, attempt: Attempt) -> Identity:
        """Exchange the code and return whom the provider vouches for.

        Raises:
            SignInDeclined: the provider does not take the code.
            SignInUntrusted: its answer does not prove what it must.
            ProviderAway: it cannot be reached.
        """
        granted = await self._exchange(code, attempt.verifier)
        token = await self._checked(granted.id_token, attempt)
        claims = token.claims
        if self._settings.oidc_groups_claim not in claims and granted.access_token:
            claims = {**claims, **await self._userinfo(granted.access_token, token.sub)}
        return identity_of(claims, self._settings)

    async def _checked(self, id_token: str, attempt: Attempt) -> IdToken:
        keys = await self._fetch_keys(FRESH_SECONDS)
        try:
            return check_id_token(id_token, keys, self._settings, attempt.nonce)
        except SignInUntrusted as first:
            if first.reason != "unknown key":
                raise
        keys = await self._fetch_keys(REFETCH_SECONDS)
        return check_id_token(id_token, keys, self._settings, attempt.nonce)

    async def _exchange(self, code: str, verifier: str) -> _Granted:
        known = await self._discover()
        answer = await self._send(
            "POST",
            known.token_endpoint,
            data={
                "grant_type": "authorization_code",
                "code": code,
                "redirect_uri": self._settings.public_url + CALLBACK,
                "code_verifier": verifier,
            },
            auth=httpx.BasicAuth(self._settings.oidc_client_id, self._settings.oidc_client_secret),
        )
        if answer.is_client_error:
            log().warning("sign_in_code_refused", status=answer.status_code)
            raise SignInDeclined
        return _decoded(answer, _Granted)

    async def _userinfo(self, access_token: str, subject: str) -> dict[str, Any]:
        known = await self._discover()
        if not known.userinfo_endpoint:
            return {}
        answer = await self._send(
            "GET", known.userinfo_endpoint, headers={"authorization": f"Bearer {access_token}"}
        )
        claims = _decoded(answer, dict[str, Any])
        if claims.get("sub") != subject:  # Source: OpenID Connect Core 1.0, 5.3.2
            raise SignInUntrusted("userinfo of somebody else")
        return claims

    async def _discover(self) -> Discovered:
        if self._discovered and time.monotonic() - self._discovered[0] < FRESH_SECONDS:
            return self._discovered[1]
        address = self._settings.oidc_issuer.rstrip("/") + "/.well-known/openid-configuration"
        known = _decoded(await self._send("GET", address), Discovered)
        if known.issuer != self._settings.oidc_issuer:
            raise SignInUntrusted("discovery names another issuer")
        self._discovered = (time.monotonic(), known)
        return known

    async def _fetch_keys(self, fresh_seconds: float) -> dict[str, Any]:
        if self._keys and time.monotonic() - self._keys[0] < fresh_seconds:
            return self._keys[1]
        known = await self._discover()
        keys = _decoded(await self._send("GET", known.jwks_uri), dict[str, Any])
        self._keys = (time.monotonic(), keys)
        return keys

    async def _send(self, method: str, address: str, **options: Any) -> httpx.Response:
        try:
            answer = await self._http.request(method, address, **options)
        except httpx.TransportError as error:
            log().warning("openid_provider_away", error=repr(error))
            raise ProviderAway from error
        if answer.is_server_error:
            log().warning("openid_provider_away", status=answer.status_code)
            raise ProviderAway
        return answer


def _scope(wanted: str, known: Discovered) -> str:
    """Return the wanted scopes that the provider knows, if it says which."""
    supported = known.scopes_supported
    return " ".join(one for one in wanted.split() if not supported or one in supported)


def _decoded(answer: httpx.Response, kind: type[Answered]) -> Answered:
    try:
        return msgspec.json.decode(answer.content, type=kind)
    except (msgspec.DecodeError, RecursionError) as error:
        raise SignInUntrusted(f"unreadable answer: {type(error).__name__}") from error

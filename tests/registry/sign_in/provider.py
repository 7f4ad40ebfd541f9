"""An OpenID provider of tests: strict by itself, and made to misbehave one rule at a time."""

import base64
import hashlib
import json
import time
from secrets import token_urlsafe
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import msgspec
from joserfc import jwt
from joserfc.jwk import OctKey, RSAKey

from tests.visitor import Visitor

ISSUER = "https://anmeldung.example.de"
_KEY = RSAKey.generate_key(2048)


class Grant(msgspec.Struct):
    """What a code stands for."""

    challenge: str
    redirect_uri: str
    claims: dict[str, Any]


class FakeProvider:
    """Answers discovery, keys, token and userinfo; the person's consent is `consent`."""

    def __init__(self) -> None:
        self.key = _KEY
        self.kid = self.key.thumbprint()
        self.grants: dict[str, Grant] = {}
        self.changed: dict[str, Any] = {}
        """Claims of the next id_token that are not what they should be; None leaves one out."""
        self.header: dict[str, Any] = {}
        self.sign_with: Any = None
        self.raw_token = ""
        self.userinfo: dict[str, Any] | None = None
        self.discovery: dict[str, Any] = {}
        self.is_away = False

    def transport(self) -> httpx.AsyncBaseTransport:
        """Return what an httpx client reaches this provider by."""
        return httpx.MockTransport(self._answer)

    def consent(self, address: str, **claims: Any) -> dict[str, str]:
        """Let the person agree; return the query that the browser comes back with."""
        asked = {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}
        assert asked["response_type"] == "code"
        assert asked["client_id"] == "ehrensache"
        assert asked["code_challenge_method"] == "S256"
        code = token_urlsafe(16)
        self.grants[code] = Grant(
            asked["code_challenge"],
            asked["redirect_uri"],
            {
                "iss": ISSUER,
                "aud": "ehrensache",
                "sub": "u-17",
                "name": "Jonas Rehfeld",
                "groups": ["ehrensache-clerk", "kantine"],
                "nonce": asked["nonce"],
                "iat": int(time.time()),
                "exp": int(time.time()) + 300,
                **claims,
            },
        )
        return {"code": code, "state": asked["state"]}

    def _answer(self, request: httpx.Request) -> httpx.Response:
        if self.is_away:
            raise httpx.ConnectError("refused", request=request)
        match request.url.path:
            case "/.well-known/openid-configuration":
                return self._discovery()
            case "/jwks":
                return self._jwks()
            case "/token":
                return self._token(request)
        return httpx.Response(200, json=self.userinfo)

    def _discovery(self) -> httpx.Response:
        document = {
            "issuer": ISSUER,
            "authorization_endpoint": f"{ISSUER}/authorize",
            "token_endpoint": f"{ISSUER}/token",
            "jwks_uri": f"{ISSUER}/jwks",
            "userinfo_endpoint": f"{ISSUER}/userinfo",
            "end_session_endpoint": f"{ISSUER}/logout",
        }
        return httpx.Response(200, json=document | self.discovery)

    def _jwks(self) -> httpx.Response:
        public: dict[str, Any] = {**self.key.as_dict(private=False), "kid": self.kid, "use": "sig"}
        return httpx.Response(200, json={"keys": [public, {"kty": "EC", "use": "enc"}]})

    def _token(self, request: httpx.Request) -> httpx.Response:
        form = {name: values[0] for name, values in parse_qs(request.content.decode()).items()}
        grant = self.grants.pop(form["code"], None)
        digest = hashlib.sha256(form["code_verifier"].encode()).digest()
        challenge = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
        authorized = base64.b64encode(b"ehrensache:geheim").decode()
        if (
            grant is None
            or challenge != grant.challenge
            or form["redirect_uri"] != grant.redirect_uri
            or request.headers["authorization"] != f"Basic {authorized}"
        ):
            return httpx.Response(400, json={"error": "invalid_grant"})
        return httpx.Response(200, json={"id_token": self._sign(grant), "access_token": "at"})

    def _sign(self, grant: Grant) -> str:
        claims = grant.claims | self.changed
        claims = {name: value for name, value in claims.items() if value is not None}
        if self.raw_token:
            return self.raw_token
        header = {"alg": "RS256", "kid": self.kid, **self.header}
        if header["alg"] == "none":
            parts = [json.dumps(part).encode() for part in (header, claims)]
            return (
                b".".join(base64.urlsafe_b64encode(part).rstrip(b"=") for part in parts).decode()
                + "."
            )
        key = self.sign_with or self.key
        return jwt.encode(header, claims, key, algorithms=[header["alg"]])


def shared_secret_of(provider: FakeProvider) -> OctKey:
    """Return the provider's public key as if it were a shared secret."""
    pem = provider.key.as_pem(private=False)
    return OctKey.import_key(base64.b64encode(pem))


async def sign_in(
    visitor: Visitor, provider: FakeProvider, path: str = "/anmelden", **claims: object
) -> int:
    """Go the whole way and return the last answer's status."""
    leaving = await visitor.get(path)
    answer = provider.consent(leaving.headers["location"], **claims)
    back = await visitor.get("/anmelden/zurueck", params=answer)
    return back.status_code

"""Says who a member of staff is: roles, and the signed token that every service checks itself."""

import enum
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Any, Final
from uuid import UUID

import msgspec
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet, OKPKey

TOKEN_LIFETIME: Final = timedelta(minutes=10)
ALGORITHM: Final = "Ed25519"
"""Source: RFC 9864, the fully specified name of EdDSA over Curve25519."""
AUDIENCE: Final = "ehrensache-staff"
MOST_REMEMBERED: Final = 1_024
"""How many genuine tokens a process knows again without checking their signature once more."""


class Role(enum.StrEnum):
    """What a member of staff may see and do; a person may have several."""

    FOUNDATION = "foundation"
    CLERK = "clerk"
    EDITOR = "editor"
    PROTOCOL = "protocol"
    JURY = "jury"
    DOOR = "door"
    AUDITOR = "auditor"
    ADMIN = "admin"

    @property
    def label(self) -> str:
        """Return the role's German name."""
        return ROLE_LABELS[self]


ROLE_LABELS: Final = {
    Role.FOUNDATION: "Stiftung",
    Role.CLERK: "Sachbearbeitung",
    Role.EDITOR: "Redaktion",
    Role.PROTOCOL: "Protokoll",
    Role.JURY: "Jury",
    Role.DOOR: "Einlass",
    Role.AUDITOR: "Datenschutz",
    Role.ADMIN: "Betrieb",
}


class Staff(msgspec.Struct, frozen=True, kw_only=True):
    """A signed-in member of staff, as a valid token names it."""

    subject: str
    """Issuer and subject at the OpenID provider: stays the same when the name changes."""
    name: str
    roles: frozenset[Role]
    session_id: UUID
    expires_at: datetime


class TokenInvalid(Exception):
    """The token was not signed by registry for us, or is not a staff token at all."""


class TokenExpired(TokenInvalid):
    """The token is genuine but its ten minutes are over."""


class _Claims(msgspec.Struct, kw_only=True):
    iss: str
    aud: str
    exp: int
    sub: str
    sid: UUID
    name: str
    roles: frozenset[str]


class TokenSigner:
    """Signs staff tokens; only registry holds the private key."""

    def __init__(self, private_key: str, issuer: str) -> None:
        self._key = OKPKey.import_key(private_key)
        self._issuer = issuer

    def sign(self, staff: Staff) -> str:
        """Return the token; it says itself until when it counts (`staff.expires_at`)."""
        claims = {
            "iss": self._issuer,
            "aud": AUDIENCE,
            "exp": int(staff.expires_at.timestamp()),
            "sub": staff.subject,
            "sid": str(staff.session_id),
            "name": staff.name,
            "roles": sorted(staff.roles),
        }
        header = {"alg": ALGORITHM, "kid": self._key.thumbprint()}
        return jwt.encode(header, claims, self._key, algorithms=[ALGORITHM])


class TokenVerifier:
    """Checks staff tokens with registry's public key, or with several while keys are rotated."""

    def __init__(self, public_keys: str, issuer: str) -> None:
        self._keys = KeySet([OKPKey.import_key(pem) for pem in _blocks(public_keys)])
        for key in self._keys.keys:
            key.ensure_kid()
        self._issuer = issuer
        self._genuine_claims = lru_cache(MOST_REMEMBERED)(self._read)

    def verify(self, token: str, now: datetime) -> Staff:
        """Return who the token names; roles that this version does not know are left out.

        Raises:
            TokenExpired: genuine, but its time is over.
            TokenInvalid: anything else that is not a token of ours.
        """
        claims = self._genuine_claims(token)
        if claims.iss != self._issuer or claims.aud != AUDIENCE:
            raise TokenInvalid("issued by or for somebody else")
        expires_at = datetime.fromtimestamp(claims.exp, UTC)
        if expires_at <= now:
            raise TokenExpired("expired")
        return Staff(
            subject=claims.sub,
            name=claims.name,
            roles=frozenset(role for role in Role if role in claims.roles),
            session_id=claims.sid,
            expires_at=expires_at,
        )

    def _read(self, token: str) -> _Claims:
        try:
            decoded: Any = jwt.decode(token, self._keys, algorithms=[ALGORITHM])
            return msgspec.convert(decoded.claims, _Claims, strict=False)
        except (JoseError, ValueError, msgspec.ValidationError) as error:
            raise TokenInvalid(type(error).__name__) from error


def _blocks(pem: str) -> list[str]:
    end = "-----END PUBLIC KEY-----"
    return [block.strip() + "\n" + end for block in pem.split(end) if block.strip()]

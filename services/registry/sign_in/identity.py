"""Checks what the provider vouches for, and reads from it who somebody is."""

import hmac
import time
from collections.abc import Mapping, Sequence
from typing import Any, Final

import msgspec
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import Key, import_key

from services.registry.sign_in.model import Identity, SecondFactorMissing, SignInUntrusted
from services.registry.sign_in.settings import SignInSettings
from shared.text import clean

ALGORITHMS: Final = (
    *("RS256", "RS384", "RS512"),
    *("PS256", "PS384", "PS512"),
    *("ES256", "ES384", "Ed25519"),
)
"""Signatures with a public key only: never `none`, never a shared secret."""
LEEWAY_SECONDS: Final = 30
OLDEST_SECONDS: Final = 600
"""How long ago an id_token may have been issued: it is fetched at once."""
MOST_NAME_CHARACTERS: Final = 200


class IdToken(msgspec.Struct, frozen=True):
    """A checked id_token."""

    sub: str
    claims: dict[str, Any]


def check_id_token(
    token: str, keys: Mapping[str, Any], settings: SignInSettings, nonce: str
) -> IdToken:
    """Return the id_token's claims if it was issued for this attempt, to us, lately.

    Source: OpenID Connect Core 1.0, 3.1.3.7.

    Raises:
        SignInUntrusted: anything does not fit; the reason is for the log.
    """
    claims = _signed_claims(token, keys)
    problems = {
        "issuer": claims.get("iss") != settings.oidc_issuer,
        "audience": not _is_for(claims, settings.oidc_client_id),
        "expired": not _is_number(claims.get("exp"), least=time.time() - LEEWAY_SECONDS),
        "issued": not _is_number(
            claims.get("iat"),
            least=time.time() - OLDEST_SECONDS,
            most=time.time() + LEEWAY_SECONDS,
        ),
        "nonce": not hmac.compare_digest(str(claims.get("nonce", "")).encode(), nonce.encode()),
        "subject": not isinstance(claims.get("sub"), str) or not claims["sub"],
    }
    if wrong := [name for name, is_wrong in problems.items() if is_wrong]:
        raise SignInUntrusted(f"id_token: {', '.join(wrong)}")
    return IdToken(claims["sub"], claims)


def identity_of(claims: Mapping[str, Any], settings: SignInSettings) -> Identity:
    """Return who somebody is.

    Raises:
        SecondFactorMissing: the sign-in was weaker than the settings demand.
    """
    demanded = [one.strip() for one in settings.oidc_required_acr.split(",") if one.strip()]
    if demanded and claims.get("acr") not in demanded:
        raise SecondFactorMissing
    named = claims.get("name") or claims.get("preferred_username") or claims["sub"]
    groups = claims.get(settings.oidc_groups_claim, ())
    return Identity(
        subject=f"{settings.oidc_issuer}#{claims['sub']}",
        name=clean(str(named))[:MOST_NAME_CHARACTERS],
        groups=tuple(str(one) for one in groups) if isinstance(groups, Sequence) else (),
    )


def _signed_claims(token: str, keys: Mapping[str, Any]) -> dict[str, Any]:
    try:
        decoded = jwt.decode(token, lambda parts: _key_for(parts.headers(), keys), ALGORITHMS)
    except (JoseError, ValueError) as error:
        raise SignInUntrusted(f"id_token: {type(error).__name__}") from error
    return decoded.claims


def _key_for(header: Mapping[str, Any], keys: Mapping[str, Any]) -> Key:
    listed = keys.get("keys")
    known = [one for one in listed if isinstance(one, dict)] if isinstance(listed, list) else []
    signing = [one for one in known if one.get("use", "sig") == "sig" and one.get("kty") != "oct"]
    wanted = [one for one in signing if "kid" not in header or one.get("kid") == header["kid"]]
    if len(wanted) != 1:
        raise SignInUntrusted("unknown key")
    return import_key(wanted[0])


def _is_for(claims: Mapping[str, Any], client_id: str) -> bool:
    audience = claims.get("aud")
    several = audience if isinstance(audience, list) else [audience]
    presenter = claims.get("azp", None if len(several) > 1 else client_id)
    return client_id in several and presenter == client_id


def _is_number(value: Any, least: float, most: float = float("inf")) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and least <= value <= most

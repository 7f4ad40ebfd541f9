"""A staff token counts only if registry signed it, for us, and lately."""

import base64
import json
from datetime import UTC, datetime, timedelta

import msgspec
import pytest
from joserfc import jwt
from joserfc.jwk import OctKey, OKPKey

from shared.auth import (
    AUDIENCE,
    TOKEN_LIFETIME,
    Role,
    Staff,
    TokenExpired,
    TokenInvalid,
    TokenSigner,
    TokenVerifier,
)
from tests.visitor import PUBLIC_URL, STAFF_KEY, STAFF_PUBLIC_KEY, staff_member

VERIFIER = TokenVerifier(STAFF_PUBLIC_KEY, PUBLIC_URL)


def now() -> datetime:
    return datetime.now(UTC)


def signed(member: Staff, issuer: str = PUBLIC_URL, key: str = STAFF_KEY) -> str:
    return TokenSigner(key, issuer).sign(member)


def part(value: object) -> str:
    return base64.urlsafe_b64encode(json.dumps(value).encode()).rstrip(b"=").decode()


def claims(**changes: object) -> dict[str, object]:
    member = staff_member(Role.ADMIN)
    return {
        "iss": PUBLIC_URL,
        "aud": AUDIENCE,
        "exp": int((now() + TOKEN_LIFETIME).timestamp()),
        "sub": member.subject,
        "sid": str(member.session_id),
        "name": member.name,
        "roles": ["admin"],
        **changes,
    }


def test_a_token_names_the_member_with_all_roles() -> None:
    member = staff_member(Role.CLERK, Role.DOOR, name="Jörg Müller-Şahin")

    assert VERIFIER.verify(signed(member), now()) == member


def test_a_token_ends_after_ten_minutes() -> None:
    member = staff_member(Role.CLERK)
    token = signed(member)

    just_before = member.expires_at - timedelta(seconds=1)

    assert VERIFIER.verify(token, just_before) == member
    with pytest.raises(TokenExpired):
        VERIFIER.verify(token, member.expires_at)


def test_a_token_signed_by_another_key_is_refused() -> None:
    other = OKPKey.generate_key("Ed25519").as_pem(private=True).decode()

    with pytest.raises(TokenInvalid):
        VERIFIER.verify(signed(staff_member(Role.ADMIN), key=other), now())


def test_a_token_without_signature_is_refused() -> None:
    for algorithm in ("none", "None", "NONE"):
        for signature in ("", "AAAA"):
            token = f"{part({'alg': algorithm, 'typ': 'JWT'})}.{part(claims())}.{signature}"

            with pytest.raises(TokenInvalid):
                VERIFIER.verify(token, now())


def test_the_public_key_is_no_shared_secret() -> None:
    secret = OctKey.import_key(STAFF_PUBLIC_KEY.encode().replace(b"-----", b""))
    token = jwt.encode({"alg": "HS256"}, claims(), secret, algorithms=["HS256"])

    with pytest.raises(TokenInvalid):
        VERIFIER.verify(token, now())


@pytest.mark.parametrize(
    "changes",
    [
        {"aud": "somebody-else"},
        {"aud": ["ehrensache-staff", "other"]},
        {"iss": "https://elsewhere.example"},
        {"exp": None},
        {"exp": "tomorrow"},
        {"sid": "no-uuid"},
        {"roles": "admin"},
        {"sub": None},
    ],
    ids=str,
)
def test_a_genuine_signature_over_other_claims_is_refused(changes: dict[str, object]) -> None:
    key = OKPKey.import_key(STAFF_KEY)
    token = jwt.encode(
        {"alg": "Ed25519", "kid": key.thumbprint()}, claims(**changes), key, algorithms=["Ed25519"]
    )

    with pytest.raises(TokenInvalid):
        VERIFIER.verify(token, now())


def test_a_token_with_a_changed_claim_is_refused() -> None:
    header, _, signature = signed(staff_member(Role.DOOR)).split(".")

    with pytest.raises(TokenInvalid):
        VERIFIER.verify(f"{header}.{part(claims())}.{signature}", now())


@pytest.mark.parametrize("token", ["", ".", "..", "a.b.c", "ä.ö.ü", "\ud800", "x" * 100_000])
def test_what_is_no_token_is_refused(token: str) -> None:
    with pytest.raises(TokenInvalid):
        VERIFIER.verify(token, now())


def test_an_unknown_role_is_left_out() -> None:
    key = OKPKey.import_key(STAFF_KEY)
    token = jwt.encode(
        {"alg": "Ed25519", "kid": key.thumbprint()},
        claims(roles=["door", "emperor"]),
        key,
        algorithms=["Ed25519"],
    )

    assert VERIFIER.verify(token, now()).roles == {Role.DOOR}


def test_two_keys_count_while_they_are_exchanged() -> None:
    new = OKPKey.generate_key("Ed25519")
    both = TokenVerifier(new.as_pem(private=False).decode() + STAFF_PUBLIC_KEY, PUBLIC_URL)
    member = staff_member(Role.CLERK)

    assert both.verify(signed(member), now()) == member
    assert both.verify(signed(member, key=new.as_pem(private=True).decode()), now()) == member


def test_every_role_has_a_german_name() -> None:
    assert all(role.label for role in Role)
    assert msgspec.json.encode(Role.CLERK) == b'"clerk"'

"""What the provider says is believed only if it was said for this sign-in, to us, and signed."""

import pytest
from joserfc.jwk import RSAKey

from tests.registry.sign_in.provider import FakeProvider, shared_secret_of, sign_in
from tests.visitor import Visitor


@pytest.mark.parametrize(
    "changed",
    [
        {"nonce": "another"},
        {"nonce": None},
        {"aud": "another-client"},
        {"aud": ["ehrensache", "another-client"]},
        {"aud": ["ehrensache"], "azp": "another-client"},
        {"aud": None},
        {"iss": "https://evil.example"},
        {"exp": 1},
        {"exp": None},
        {"exp": "soon"},
        {"iat": 1},
        {"iat": 99_999_999_999},
        {"iat": None},
        {"sub": ""},
        {"sub": None},
    ],
    ids=str,
)
async def test_an_id_token_that_was_not_made_for_this_sign_in_is_refused(
    visitor: Visitor, provider: FakeProvider, changed: dict[str, object]
) -> None:
    provider.changed = changed

    status = await sign_in(visitor, provider)

    assert status == 403
    assert (await visitor.get("/konsole")).status_code == 303


async def test_an_id_token_for_several_clients_counts_if_it_was_given_to_us(
    visitor: Visitor, provider: FakeProvider
) -> None:
    several = ["ehrensache", "another-client"]

    assert await sign_in(visitor, provider, aud=several, azp="ehrensache") == 303


async def test_an_id_token_without_signature_is_refused(
    visitor: Visitor, provider: FakeProvider
) -> None:
    provider.header = {"alg": "none"}

    assert await sign_in(visitor, provider) == 403


async def test_the_providers_public_key_is_no_shared_secret(
    visitor: Visitor, provider: FakeProvider
) -> None:
    provider.header = {"alg": "HS256"}
    provider.sign_with = shared_secret_of(provider)

    assert await sign_in(visitor, provider) == 403


async def test_an_id_token_of_another_key_is_refused(
    visitor: Visitor, provider: FakeProvider
) -> None:
    provider.sign_with = RSAKey.generate_key(2048)

    assert await sign_in(visitor, provider) == 403


async def test_a_key_that_nobody_knows_is_refused(visitor: Visitor, provider: FakeProvider) -> None:
    provider.header = {"kid": "nobody"}

    assert await sign_in(visitor, provider) == 403


@pytest.mark.parametrize("token", ["", "x", "a.b.c", "é.é.é"])
async def test_what_is_no_id_token_is_refused(
    visitor: Visitor, provider: FakeProvider, token: str
) -> None:
    provider.raw_token = token or " "

    assert await sign_in(visitor, provider) == 403


async def test_an_answer_of_another_provider_is_refused(
    visitor: Visitor, provider: FakeProvider
) -> None:
    leaving = await visitor.get("/anmelden")
    answer = provider.consent(leaving.headers["location"]) | {"iss": "https://evil.example"}

    assert (await visitor.get("/anmelden/zurueck", params=answer)).status_code == 403


async def test_discovery_that_names_another_issuer_is_refused(
    visitor: Visitor, provider: FakeProvider
) -> None:
    provider.discovery = {"issuer": "https://evil.example"}

    assert (await visitor.get("/anmelden")).status_code == 403


async def test_userinfo_of_somebody_else_is_refused(
    visitor: Visitor, provider: FakeProvider
) -> None:
    provider.userinfo = {"sub": "u-18", "groups": ["ehrensache-admin"]}

    assert await sign_in(visitor, provider, groups=None) == 403

"""The local OpenID provider: a real one, strict about its client, with a person per role."""

import sys
from collections.abc import Iterator
from urllib.parse import parse_qs, urlparse

import httpx
import pytest
from joserfc import jwt
from joserfc.jwk import KeySet

from deploy.local.openid.guard import challenge_of
from deploy.local.openid.people import DEMO_PEOPLE, DemoPerson
from deploy.local.ports import free_port
from deploy.local.server import Program, Server
from shared.auth import Role

HOME = "http://localhost:8080"
BACK = HOME + "/anmelden/zurueck"
VERIFIER = "v" * 50


@pytest.fixture(scope="module")
def provider(tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx.Client]:
    folder = tmp_path_factory.mktemp("openid")
    secret = folder / "secret"
    secret.write_text("geheim")
    port = free_port()
    address = f"http://localhost:{port}"
    arguments = ["--port", str(port), "--client-id", "ehrensache", "--public-url", HOME]
    program = Program(
        name="openid",
        command=[
            *(sys.executable, "-m", "deploy.local.openid", *arguments),
            *("--client-secret-file", secret),
        ],
        log=folder / "openid.log",
        is_ready=lambda _pid: _answers(address),
    )
    server = Server(program)
    with httpx.Client(base_url=address) as client:
        yield client
    server.stop()


def _answers(address: str) -> bool:
    try:
        return httpx.get(address).is_success
    except httpx.TransportError:
        return False


def _asked(**changes: str) -> dict[str, str]:
    return {
        "response_type": "code",
        "client_id": "ehrensache",
        "redirect_uri": BACK,
        "scope": "openid profile email",
        "state": "st",
        "nonce": "no",
        "code_challenge": challenge_of(VERIFIER),
        "code_challenge_method": "S256",
    } | changes


def _pick(provider: httpx.Client, subject: str) -> str:
    answer = provider.post("/oauth2/authorize", params=_asked(), data={"sub": subject})
    return parse_qs(urlparse(answer.headers["location"]).query)["code"][0]


def _redeem(provider: httpx.Client, code: str, **changes: str) -> httpx.Response:
    form = {
        "grant_type": "authorization_code",
        "code": code,
        "redirect_uri": BACK,
        "code_verifier": VERIFIER,
        "client_secret": "geheim",
    } | changes
    secret = form.pop("client_secret")
    return provider.post("/oauth2/token", data=form, auth=("ehrensache", secret))


@pytest.mark.parametrize("person", DEMO_PEOPLE, ids=lambda person: person.role)
def test_each_demo_person_signs_in_with_their_own_group(
    provider: httpx.Client, person: DemoPerson
) -> None:
    found = provider.get("/.well-known/openid-configuration").json()
    keys = KeySet.import_key_set(httpx.get(found["jwks_uri"]).json())

    answer = _redeem(provider, _pick(provider, person.subject))

    claims = jwt.decode(answer.json()["id_token"], keys, algorithms=["RS256"]).claims
    assert claims["iss"] == found["issuer"] == str(provider.base_url).rstrip("/")
    assert claims["aud"] in ("ehrensache", ["ehrensache"])
    assert claims["nonce"] == "no"
    assert (claims["sub"], claims["name"], claims["email"], claims["groups"]) == (
        person.subject,
        person.name,
        person.email,
        [f"ehrensache-{person.role}"],
    )
    assert found["code_challenge_methods_supported"] == ["S256"]


def test_the_sign_in_page_offers_every_demo_person_and_asks_nobody_else_for_anything(
    provider: httpx.Client,
) -> None:
    page = provider.get("/oauth2/authorize", params=_asked()).text

    assert all(person.name in page for person in DEMO_PEOPLE)
    assert "https://" not in page
    assert "script" not in page


@pytest.mark.parametrize(
    "changes",
    [
        {"client_id": "other"},
        {"redirect_uri": "http://localhost:8080.evil.example/anmelden"},
        {"redirect_uri": "http://evil.example/"},
        {"code_challenge_method": "plain"},
        {"code_challenge": ""},
    ],
    ids=str,
)
def test_a_wrong_authorization_request_is_refused_on_the_spot(
    provider: httpx.Client, changes: dict[str, str]
) -> None:
    answer = provider.get("/oauth2/authorize", params=_asked(**changes))

    assert answer.status_code == 400
    assert "Anmeldung nicht möglich" in answer.text


def test_every_role_has_a_demo_person() -> None:
    assert [person.role for person in DEMO_PEOPLE] == list(Role)


def test_nobody_outside_the_list_can_be_picked(provider: httpx.Client) -> None:
    answer = provider.post("/oauth2/authorize", params=_asked(), data={"sub": "somebody"})

    assert answer.status_code == 400


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"code_verifier": "w" * 50}, "invalid_grant"),
        ({"code_verifier": ""}, "invalid_grant"),
        ({"client_secret": "falsch"}, "invalid_client"),
    ],
)
def test_a_code_is_worth_nothing_without_verifier_and_secret(
    provider: httpx.Client, changes: dict[str, str], error: str
) -> None:
    answer = _redeem(provider, _pick(provider, "demo-clerk"), **changes)

    assert answer.json()["error"] == error
    assert "id_token" not in answer.json()


def test_a_code_works_once(provider: httpx.Client) -> None:
    code = _pick(provider, "demo-clerk")

    first, second = _redeem(provider, code), _redeem(provider, code)

    assert first.status_code == 200
    assert second.json()["error"] == "invalid_grant"


def test_who_cancels_returns_with_the_state(provider: httpx.Client) -> None:
    answer = provider.post("/oauth2/authorize", params=_asked(), data={"action": "deny"})

    query = parse_qs(urlparse(answer.headers["location"]).query)
    assert query == {
        "error": ["access_denied"],
        "error_description": query["error_description"],
        "state": ["st"],
    }


@pytest.mark.parametrize("path", ["/oauth2/clients", "/users/demo-admin", "/oidc/login"])
def test_what_the_wheel_offers_beyond_sign_in_is_closed(provider: httpx.Client, path: str) -> None:
    assert provider.get(path).status_code == 404
    assert provider.post(path, json={}).status_code == 404


def test_signing_out_never_leads_to_a_foreign_address(provider: httpx.Client) -> None:
    away = "http://evil.example/"

    asked = provider.get("/oauth2/end_session", params={"post_logout_redirect_uri": away})
    confirmed = provider.post("/oauth2/end_session/confirm", data={"redirect_uri": away})

    assert (asked.status_code, confirmed.status_code) == (400, 400)


def test_the_log_holds_no_codes(
    provider: httpx.Client, tmp_path_factory: pytest.TempPathFactory
) -> None:
    code = _pick(provider, "demo-clerk")

    logs = [log.read_text() for log in tmp_path_factory.getbasetemp().rglob("openid.log")]

    assert any("/oauth2/authorize" in log for log in logs)
    assert not any(code in log or "code_challenge" in log for log in logs)

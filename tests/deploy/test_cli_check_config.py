"""`ehrensache check-config`: what would stop a service is found before it starts."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from deploy.cli.main import app
from deploy.local import keys
from deploy.postgres.roles import SERVICES

WHOLE = {
    "EHRENSACHE_DATABASE_URL": "postgres://x:geheim@localhost/ehrensache",
    "EHRENSACHE_NATS_URL": "nats://localhost:4222",
    "EHRENSACHE_PUBLIC_URL": "https://ehrenamt.example",
    "EHRENSACHE_MAIL_FROM": "stadt@ehrensache.example",
    "EHRENSACHE_SMTP_HOST": "localhost",
    "EHRENSACHE_OIDC_ISSUER": "https://anmeldung.example",
    "EHRENSACHE_OIDC_CLIENT_ID": "ehrensache",
    **{
        f"EHRENSACHE_SENDER_{name}": "wer"
        for name in ("ORGANISATION", "STREET", "TOWN", "PHONE", "EMAIL")
    },
}


@pytest.fixture
def whole(tmp_path: Path) -> dict[str, str]:
    made = keys.ensure(tmp_path)
    return WHOLE | {
        "EHRENSACHE_STAFF_TOKEN_PUBLIC_KEY_FILE": str(made.staff_token_public),
        "EHRENSACHE_STAFF_TOKEN_PRIVATE_KEY_FILE": str(made.staff_token_private),
        "EHRENSACHE_TICKET_PRIVATE_KEY_FILE": str(made.ticket_private),
        "EHRENSACHE_OIDC_CLIENT_SECRET_FILE": str(made.openid_client),
        "EHRENSACHE_OPT_OUT_KEY_FILE": str(made.opt_out),
    }


def _check(service: str, environment: dict[str, str], *options: str) -> Result:
    return CliRunner().invoke(app, ["check-config", service, *options], env=environment)


@pytest.mark.parametrize("service", SERVICES)
def test_a_whole_configuration_is_shown_without_its_secrets(
    service: str, whole: dict[str, str]
) -> None:
    shown = _check(service, whole)

    assert shown.exit_code == 0, shown.stderr
    assert "public_url = https://ehrenamt.example" in shown.stdout
    assert "geheim" not in shown.stdout
    assert "PRIVATE KEY" not in shown.stdout


def test_every_missing_variable_is_named_at_once(whole: dict[str, str]) -> None:
    del whole["EHRENSACHE_NATS_URL"]
    del whole["EHRENSACHE_TICKET_PRIVATE_KEY_FILE"]

    shown = _check("recognition", whole)

    assert shown.exit_code == 1
    assert "EHRENSACHE_NATS_URL" in shown.stderr
    assert "EHRENSACHE_TICKET_PRIVATE_KEY" in shown.stderr


def test_a_key_that_is_none_is_named(whole: dict[str, str]) -> None:
    whole["EHRENSACHE_STAFF_TOKEN_PUBLIC_KEY_FILE"] = ""
    whole["EHRENSACHE_STAFF_TOKEN_PUBLIC_KEY"] = "kein Schlüssel"

    shown = _check("events", whole)

    assert shown.exit_code == 1
    assert "staff_token_public_key holds no key in PEM" in shown.stderr


def test_programs_are_told_what_is_read_and_what_is_wrong(whole: dict[str, str]) -> None:
    good = json.loads(_check("events", whole, "--json").stdout)
    del whole["EHRENSACHE_NATS_URL"]
    bad = json.loads(_check("events", whole, "--json").stdout)

    assert (good["service"], good["problems"]) == ("events", [])
    assert good["settings"]["public_url"] == "https://ehrenamt.example"
    assert good["settings"]["database_url"] == "(set)"
    assert bad["settings"] == {}
    assert "EHRENSACHE_NATS_URL" in bad["problems"][0]


def test_an_unknown_service_is_wrong_usage() -> None:
    assert _check("calendar", {}).exit_code == 2

"""A process starts with all its settings or says at once which are missing."""

from pathlib import Path

import pytest

from shared.settings import ServiceSettings, SettingsMissing, from_environment

COMPLETE = {
    "EHRENSACHE_DATABASE_URL": "postgres://registry_app@localhost/ehrensache",
    "EHRENSACHE_NATS_URL": "nats://localhost:4222",
    "EHRENSACHE_PUBLIC_URL": "https://ehrenamt.example.org",
    "EHRENSACHE_STAFF_TOKEN_PUBLIC_KEY": "PEM",
}


def test_settings_come_from_the_environment_with_their_types() -> None:
    settings = from_environment(ServiceSettings, {**COMPLETE, "EHRENSACHE_HTTP_PORT": "8123"})

    assert settings.http_port == 8123
    assert settings.nats_url == "nats://localhost:4222"


def test_a_secret_is_read_from_the_file_that_is_named(tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("postgres://from-a-file\n")
    variables = COMPLETE | {"EHRENSACHE_DATABASE_URL_FILE": str(secret)}
    del variables["EHRENSACHE_DATABASE_URL"]

    settings = from_environment(ServiceSettings, variables)

    assert settings.database_url == "postgres://from-a-file"


def test_start_up_names_every_missing_variable_at_once() -> None:
    with pytest.raises(SettingsMissing) as refusal:
        from_environment(ServiceSettings, {})

    assert [name for name in COMPLETE if name not in str(refusal.value)] == []


def test_start_up_names_a_secret_file_that_cannot_be_read(tmp_path: Path) -> None:
    missing = tmp_path / "no-such-file"

    with pytest.raises(SettingsMissing, match=r"EHRENSACHE_NATS_CREDENTIALS_FILE.*no-such-file"):
        from_environment(
            ServiceSettings, COMPLETE | {"EHRENSACHE_NATS_CREDENTIALS_FILE": str(missing)}
        )


def test_start_up_refuses_a_port_that_is_no_number() -> None:
    with pytest.raises(SettingsMissing, match="http_port"):
        from_environment(ServiceSettings, COMPLETE | {"EHRENSACHE_HTTP_PORT": "eighty"})

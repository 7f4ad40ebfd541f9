"""`ehrensache secrets`: makes everything once, and nobody else can read it."""

import json
import stat
from pathlib import Path

import asyncpg
from typer.testing import CliRunner, Result

from deploy.cli.main import app
from deploy.local.postgres import Postgres
from deploy.postgres.roles import ROLES, SERVICES
from deploy.postgres.settings import tuned

READABLE_WITHIN = {
    *("postgres.password", "postgres.conf", "grafana.password", "pg_hba.conf"),
    *("authority.pem", "postgres.pem", "postgres.key"),
}


def make(folder: Path, *more: str) -> Result:
    return CliRunner().invoke(app, ["secrets", str(folder), *more])


def content(folder: Path) -> dict[str, bytes]:
    files = (file for file in folder.rglob("*") if file.is_file())
    return {file.relative_to(folder).as_posix(): file.read_bytes() for file in files}


def test_everything_that_containers_are_given_is_made(tmp_path: Path) -> None:
    result = make(tmp_path / "secrets", "--json")

    made = content(tmp_path / "secrets")
    assert result.exit_code == 0
    assert set(json.loads(result.stdout)["made"]) == made.keys()
    assert {f"passwords/{role}.password" for role in ROLES} <= made.keys()
    assert {f"bus/users/{service}.creds" for service in SERVICES} <= made.keys()
    for service in SERVICES:
        password = made[f"passwords/{service}_app.password"].decode()
        url = f"postgres://{service}_app:{password}@postgres:5432/ehrensache"
        assert made[f"{service}.url"].decode() == url
    assert b"sync_interval: always" in made["nats.conf"]
    assert b'listen: "0.0.0.0:4222"' in made["nats.conf"]
    assert made["smtp.password"] == b""


def test_a_second_run_replaces_nothing(tmp_path: Path) -> None:
    make(tmp_path)
    (tmp_path / "smtp.password").write_text("vom Postamt")
    before = content(tmp_path)

    again = make(tmp_path, "--json")

    assert content(tmp_path) == before
    assert json.loads(again.stdout) == {"folder": str(tmp_path), "made": []}


def test_only_the_owner_gets_into_the_folder(tmp_path: Path) -> None:
    make(tmp_path / "secrets", "--inner-tls")

    for path in [tmp_path / "secrets", *(tmp_path / "secrets").rglob("*")]:
        others = stat.S_IMODE(path.stat().st_mode) & 0o077
        assert others == (0o044 if path.name in READABLE_WITHIN else 0), path


def test_postgres_is_set_for_the_memory_of_its_host(tmp_path: Path) -> None:
    make(tmp_path, "--memory", "16")

    written = (tmp_path / "postgres.conf").read_text()
    assert "shared_buffers = '2048MB'" in written


async def test_a_real_server_takes_the_settings(place: Path) -> None:
    make(place / "secrets", "--memory", "4")
    server = Postgres.start(place / "pg", durable=False)
    connection = await asyncpg.connect(server.superuser_url())
    known = {row[0] for row in await connection.fetch("select lower(name) from pg_settings")}
    lines = (place / "secrets" / "postgres.conf").read_text().splitlines()[1:]

    assert {line.split(" = ")[0] for line in lines} <= known
    assert set(tuned(4)) < known
    await connection.close()
    server.stop()


def test_with_tls_both_servers_are_set_to_it_and_without_they_are_not(tmp_path: Path) -> None:
    result = make(tmp_path / "with", "--inner-tls", "--cluster")
    make(tmp_path / "without")

    encrypted, plain = content(tmp_path / "with"), content(tmp_path / "without")
    assert result.exit_code == 0
    assert b"ssl = 'on'" in encrypted["postgres.conf"]
    assert b"hostssl all all all" in encrypted["pg_hba.conf"]
    assert encrypted["nats.conf"].count(b'cert_file: "/run/secrets/inner_nats_certificate"') == 2
    assert {"inner/authority.pem", "inner/authority.key"} < encrypted.keys()
    assert b"ssl" not in plain["postgres.conf"]
    assert b"tls {" not in plain["nats.conf"]
    assert not any(name.startswith("inner/") for name in plain)


def test_a_certificate_that_somebody_has_brought_is_refused_by_name(tmp_path: Path) -> None:
    make(tmp_path, "--inner-tls")
    (tmp_path / "inner" / "authority.key").unlink()
    (tmp_path / "inner" / "postgres.key").write_text("…")

    result = make(tmp_path, "--inner-tls")

    assert result.exit_code == 1
    assert "postgres.key" in result.stderr

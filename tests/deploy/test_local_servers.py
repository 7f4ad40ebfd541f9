"""The local servers keep their data through stops, crashes and orphans."""

import socket
from pathlib import Path

import asyncpg
import pytest

from deploy.local import ports
from deploy.local.nats import Nats
from deploy.local.postgres import DataInUse, Postgres
from deploy.local.server import ServerFailed
from deploy.nats import accounts


async def ask(server: Postgres, statement: str) -> object:
    connection = await asyncpg.connect(server.superuser_url())
    try:
        return await connection.fetchval(statement)
    finally:
        await connection.close()


async def test_postgres_keeps_its_data_through_a_stop_and_a_crash(tmp_path: Path) -> None:
    first = Postgres.start(tmp_path / "pg", durable=False)
    await ask(first, "create table kept as select 42 as answer")
    first.stop()
    second = Postgres.start(tmp_path / "pg", durable=False)
    second.kill()

    third = Postgres.start(tmp_path / "pg", durable=False)

    assert await ask(third, "select answer from kept") == 42
    assert not first.is_running
    assert not second.is_running
    third.stop()


async def test_postgres_runs_as_version_18_and_durable_unless_told_otherwise(
    tmp_path: Path,
) -> None:
    server = Postgres.start(tmp_path / "pg")

    assert str(await ask(server, "show server_version")).startswith("18.")
    assert await ask(server, "show fsync") == "on"
    server.stop()


def test_postgres_data_is_not_served_twice(tmp_path: Path) -> None:
    server = Postgres.start(tmp_path / "pg", durable=False)

    with pytest.raises(DataInUse, match="in use by another running start"):
        Postgres.start(tmp_path / "pg", durable=False)

    server.stop()


def test_a_busy_port_is_replaced_by_a_free_one() -> None:
    with socket.socket() as busy:
        busy.bind((ports.HOST, 0))
        busy.listen()
        taken = busy.getsockname()[1]

        chosen = ports.free_port(taken)

    assert chosen != taken
    assert ports.free_port(taken) == taken


def test_a_server_that_cannot_start_names_its_log_and_shows_its_end(tmp_path: Path) -> None:
    Postgres.start(tmp_path / "pg", durable=False).stop()
    (tmp_path / "pg" / "data" / "PG_VERSION").write_text("9.4\n")

    with pytest.raises(ServerFailed) as failure:
        Postgres.start(tmp_path / "pg", durable=False)

    assert "postgres.log" in str(failure.value)
    assert "initialized by PostgreSQL version 9.4" in str(failure.value)


def test_nats_writes_before_it_acknowledges_and_starts_again(tmp_path: Path) -> None:
    known = accounts.ensure(tmp_path / "identity")
    first = Nats.start(tmp_path / "nats", known)
    first.kill()

    second = Nats.start(tmp_path / "nats", known, first.port, first.monitoring_port)

    assert second.port == first.port
    assert "\n  sync_interval: always\n" in (tmp_path / "nats" / "nats.conf").read_text()
    second.stop()
    assert not second.is_running

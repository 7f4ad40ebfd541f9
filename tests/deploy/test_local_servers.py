"""The local servers keep their data through stops, crashes and orphans."""

import asyncio
import os
import shutil
import signal
import socket
import stat
import subprocess
import sys
from pathlib import Path

import asyncpg
import pytest
from nats.js.api import PubAck

from deploy.local import ports, unprivileged
from deploy.local.claim import DataInUse
from deploy.local.nats import Nats
from deploy.local.postgres import Postgres, binaries
from deploy.local.server import ServerFailed
from deploy.nats import accounts, partners, streams
from tests.deploy.servers import Bus, Member


async def ask(server: Postgres, statement: str) -> object:
    connection = await asyncpg.connect(server.superuser_url())
    try:
        return await connection.fetchval(statement)
    finally:
        await connection.close()


async def test_postgres_keeps_its_data_through_a_stop_and_a_crash(place: Path) -> None:
    first = Postgres.start(place / "pg", durable=False)
    await ask(first, "create table kept as select 42 as answer")
    first.stop()
    second = Postgres.start(place / "pg", durable=False)
    second.kill()

    third = Postgres.start(place / "pg", durable=False)

    assert await ask(third, "select answer from kept") == 42
    assert not first.is_running
    assert not second.is_running
    third.stop()


async def test_postgres_starts_again_while_a_query_of_the_crashed_one_still_runs(
    place: Path,
) -> None:
    first = Postgres.start(place / "pg", durable=False)
    connection = await asyncpg.connect(first.superuser_url())
    busy = asyncio.create_task(connection.fetchval(BUSY))
    observer = await asyncpg.connect(first.superuser_url())
    while not await observer.fetchval("select true from pg_stat_activity where query = $1", BUSY):
        pass
    first.kill()

    second = Postgres.start(place / "pg", durable=False)

    assert "is still in use" in second.log.read_text()
    assert await ask(second, "select 1") == 1
    await asyncio.gather(busy, return_exceptions=True)
    connection.terminate()
    observer.terminate()
    second.stop()


BUSY = "select count(*) from generate_series(1, 8000000)"
"""Computes for a second or so without looking up."""


async def test_postgres_runs_as_version_18_and_durable_unless_told_otherwise(
    place: Path,
) -> None:
    server = Postgres.start(place / "pg")

    assert str(await ask(server, "show server_version")).startswith("18.")
    assert await ask(server, "show fsync") == "on"
    server.stop()


def test_data_is_not_served_twice(place: Path) -> None:
    known = accounts.ensure(place / "identity")
    postgres = Postgres.start(place / "pg", durable=False)
    nats = Nats.start(place / "nats", known)

    with pytest.raises(DataInUse, match="in use by another running start"):
        Postgres.start(place / "pg", durable=False)
    with pytest.raises(DataInUse, match="in use by another running start"):
        Nats.start(place / "nats", known)

    postgres.stop()
    nats.stop()


def test_a_busy_port_is_replaced_by_a_free_one() -> None:
    with socket.socket() as busy:
        busy.bind((ports.HOST, 0))
        busy.listen()
        taken = busy.getsockname()[1]

        chosen = ports.free_port(taken)

    assert chosen != taken
    assert ports.free_port(taken) == taken


def test_a_port_is_given_to_one_only_also_before_anything_listens_on_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    first = ports.free_port()
    monkeypatch.setattr(ports, "QUIET_PORTS", range(first, first + 50))

    given = [ports.free_port() for _ in range(20)]

    assert len({first, *given}) == 21


def test_a_server_that_cannot_start_names_its_log_and_shows_its_end(place: Path) -> None:
    Postgres.start(place / "pg", durable=False).stop()
    (place / "pg" / "data" / "PG_VERSION").write_text("9.4\n")

    with pytest.raises(ServerFailed) as failure:
        Postgres.start(place / "pg", durable=False)

    assert "postgres.log" in str(failure.value)
    assert "initialized by PostgreSQL version 9.4" in str(failure.value)


def test_nats_is_told_to_write_before_it_acknowledges(place: Path) -> None:
    known = accounts.ensure(place / "identity")
    server = Nats.start(place / "nats", known)

    assert "\n  sync_interval: always\n" in (place / "nats" / "nats.conf").read_text()
    server.stop()
    assert not server.is_running


async def test_nats_keeps_facts_and_partners_through_a_crash(place: Path) -> None:
    known = accounts.ensure(place / "identity")
    bus = Bus(Nats.start(place / "nats", known), known)
    provisioner = await bus.connect("provisioner")
    await streams.provision(provisioner)
    await provisioner.close()
    async with partners.open_desk(bus.server.url, known.directory) as desk:
        admission = await desk.add("theater")
    said = await publish_facts(bus, range(20))
    bus.server.kill()

    again = Bus(Nats.start(place / "nats", known, bus.server.port), known)
    repeated = await publish_facts(again, range(20))

    assert again.server.port == bus.server.port
    assert [ack.seq for ack in said] == list(range(1, 21))
    assert all(ack.duplicate for ack in repeated)
    theater = await Member().connect(again.server.url, admission.credentials)
    assert (await theater.jetstream.publish("publish.event", b"")).stream == "PARTNER_THEATER"
    await theater.client.close()
    again.server.stop()


async def publish_facts(bus: Bus, numbers: range) -> list[PubAck]:
    registry = await bus.connect("registry")
    acks = [
        await registry.jetstream().publish(
            "facts.registry.person_registered.v1", b"{}", headers={"Nats-Msg-Id": str(number)}
        )
        for number in numbers
    ]
    await registry.close()
    return acks


ORPHANING = """
import os, pathlib, signal, sys
from deploy.local.nats import Nats
from deploy.local.postgres import Postgres, binaries
from deploy.nats import accounts
place = pathlib.Path(sys.argv[1])
print(Postgres.start(place / "pg", durable=False).pid)
print(Nats.start(place / "nats", accounts.ensure(place / "identity")).pid, flush=True)
os.kill(os.getpid(), signal.SIGKILL)
"""


def test_servers_whose_starter_was_killed_are_taken_over(place: Path) -> None:
    starter = subprocess.run(
        [sys.executable, "-c", ORPHANING, place], stdout=subprocess.PIPE, check=False
    )
    orphans = [int(line) for line in starter.stdout.split()]
    assert starter.returncode == -signal.SIGKILL
    assert all(runs(orphan) for orphan in orphans)

    postgres = Postgres.start(place / "pg", durable=False)
    nats = Nats.start(place / "nats", accounts.ensure(place / "identity"))

    assert len(orphans) == 2
    assert not any(runs(orphan) for orphan in orphans)
    postgres.stop()
    nats.stop()


def runs(pid: int) -> bool:
    """Tell whether a process lives; one that ended and is not yet buried does not."""
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes() != b""
    except OSError:
        return False


def test_a_process_that_has_the_number_of_a_dead_postgres_is_left_alone(place: Path) -> None:
    Postgres.start(place / "pg", durable=False).stop()
    bystander = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)
    pid_file = place / "pg" / "data" / "postmaster.pid"
    pid_file.write_text(f"{bystander.pid}\n{pid_file.parent}\n")

    server = Postgres.start(place / "pg", durable=False)

    assert bystander.poll() is None
    server.stop()
    bystander.communicate(b"\n")


async def test_a_first_start_that_was_cut_short_is_begun_anew(place: Path) -> None:
    unfinished = place / "pg" / "data.unfinished"
    unfinished.mkdir(parents=True)
    (unfinished / "PG_VERSION").write_text("18\n")

    server = Postgres.start(place / "pg", durable=False)

    assert await ask(server, "select 1") == 1
    server.stop()


async def test_postgres_wants_a_password_even_from_this_machine(place: Path) -> None:
    server = Postgres.start(place / "pg", durable=False)

    with pytest.raises(asyncpg.InvalidPasswordError):
        await asyncpg.connect(server.url("postgres", "wrong", "postgres"))

    assert stat.S_IMODE((place / "pg" / "superuser.password").stat().st_mode) == 0o600
    assert await ask(server, "show unix_socket_directories") == ""
    server.stop()


def test_data_behind_a_closed_door_is_kept_where_the_server_can_reach_it(place: Path) -> None:
    closed = place / "closed"
    closed.mkdir(mode=0o700)

    first = unprivileged.reachable_directory(closed / "pg", place / "home")
    (first / "kept").touch()
    second = unprivileged.reachable_directory(closed / "pg", place / "home")

    assert second == first
    assert unprivileged.is_reachable(first / "kept")
    assert (closed / "pg" / "kept").exists()
    if os.geteuid() == 0:
        (closed / "pg").unlink()
        assert not (
            unprivileged.reachable_directory(closed / "pg", place / "home") / "kept"
        ).exists()


def test_programs_behind_a_closed_door_are_copied_once(place: Path) -> None:
    tree = place / "closed" / "tree"
    tree.mkdir(parents=True)
    (tree / "program").write_text("1")
    (place / "closed").chmod(0o700)

    copy = unprivileged.reachable_copy([tree], "tree", place / "home")
    again = unprivileged.reachable_copy([tree], "tree", place / "home")

    assert copy == again
    assert unprivileged.is_reachable(copy / "tree" / "program")
    assert (copy / "tree" / "program").read_text() == "1"
    assert (copy == tree.parent) is (os.geteuid() != 0)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root's servers run as somebody else")
def test_copied_programs_of_postgres_find_their_libraries(place: Path) -> None:
    package = binaries().parents[1]
    closed = place / "closed"
    for tree in (package, package.with_suffix(".libs")):
        shutil.copytree(tree, closed / tree.name, symlinks=True)
    closed.chmod(0o700)
    trees = [closed / package.name, closed / package.with_suffix(".libs").name]

    copy = unprivileged.reachable_copy(trees, "postgres", place / "home")

    initdb = copy / package.name / "pginstall" / "bin" / "initdb"
    ended = subprocess.run(
        [initdb, "--version"],
        capture_output=True,
        text=True,
        check=True,
        **unprivileged.process_options(),
    )
    assert ended.stdout.startswith("initdb (PostgreSQL) 18")

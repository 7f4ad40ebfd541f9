"""The local run: real parts that start, come back, and leave nothing behind."""

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import asyncpg
import httpx
import nats
import pytest

from deploy.cli.reset import wipe
from deploy.local import notes
from deploy.local.failure import AlreadyRunning, Cancelled, PartFailed
from deploy.local.layout import ROOT
from deploy.local.part import answers
from deploy.local.processes import Register, born
from deploy.local.stack import Stack, Wishes
from deploy.postgres.roles import SERVICES
from tests.waiting import until

HELD = """
import sys, time
from pathlib import Path
from deploy.local.stack import Stack, Wishes

stack = Stack(Path(sys.argv[1]), Wishes(services=()))
stack.start()
print(*(stack.process(name).pid for name in stack.names()), flush=True)
time.sleep(600)
"""


@pytest.fixture
def root(servers_directory: Path, request: pytest.FixtureRequest) -> Path:
    return servers_directory / f"stack-{request.node.name}"


@pytest.fixture(scope="module")
def told() -> list[tuple[str, str]]:
    """What the shared run has reported."""
    return []


@pytest.fixture(scope="module")
def stack(servers_directory: Path, told: list[tuple[str, str]]) -> Iterator[Stack]:
    with Stack(servers_directory / "stack", _wishes(told)) as stack:
        yield stack


def _wishes(told: list[tuple[str, str]] | None = None) -> Wishes:
    kept = [] if told is None else told
    return Wishes(services=(), durable=False, report=lambda *what: kept.append(what))


def _pids(stack: Stack) -> dict[str, int]:
    return {name: stack.process(name).pid for name in stack.names()}


async def test_the_stores_are_real_and_ready(stack: Stack) -> None:
    known = stack.notes

    database = await asyncpg.connect(stack.database_url("registry_app"))
    version = await database.fetchval("show server_version_num")
    await database.close()
    bus = await nats.connect(
        known.nats_url,
        user_credentials=str(known.bus_keys / "users" / "provisioner.creds"),
        inbox_prefix=b"_INBOX_provisioner",
    )
    stream = await bus.jetstream().stream_info("FACTS")
    await bus.close()

    assert int(version) >= 180000
    assert stream.config.subjects == ["facts.>"]


def test_gateway_sign_in_and_mailbox_answer(stack: Stack) -> None:
    known = stack.notes

    provider = httpx.get(f"{known.openid}/.well-known/openid-configuration").json()

    assert provider["issuer"] == known.openid
    assert httpx.get(f"{known.gateway}/livez").text == "alive"
    assert httpx.get(f"{known.mailbox}/api/mails").json() == []


def test_the_operators_commands_find_the_run(stack: Stack) -> None:
    assert notes.read(stack.layout.notes) == stack.notes


def test_only_the_owner_can_read_the_secrets(stack: Stack) -> None:
    files = [path for path in stack.layout.secrets.rglob("*") if path.is_file()]

    assert files
    assert {path.stat().st_mode & 0o077 for path in files} == {0}
    assert stack.layout.secrets.stat().st_mode & 0o077 == 0


def test_a_second_run_on_the_same_folder_is_refused_and_named(stack: Stack) -> None:
    with pytest.raises(AlreadyRunning, match=f"process {os.getpid()}"):
        Stack(stack.layout.root, _wishes())


def test_a_running_system_is_not_wiped(stack: Stack) -> None:
    with pytest.raises(AlreadyRunning):
        wipe(stack.layout)

    assert stack.layout.postgres.exists()


def test_a_part_that_was_killed_on_purpose_stays_down_until_it_is_restarted(
    stack: Stack,
) -> None:
    stack.kill("mailbox")
    was_running = stack.process("mailbox").is_running

    stack.restart("mailbox")

    assert not was_running
    assert httpx.get(stack.notes.mailbox).is_success


def test_more_variables_reach_one_process_for_one_time(stack: Stack) -> None:
    stack.restart("gateway", failpoints="relay.after_publish")
    with_them = Path(f"/proc/{stack.process('gateway').pid}/environ").read_text()
    stack.restart("gateway")
    without = Path(f"/proc/{stack.process('gateway').pid}/environ").read_text()

    assert "EHRENSACHE_FAILPOINTS=relay.after_publish" in with_them
    assert "EHRENSACHE_FAILPOINTS" not in without


@pytest.mark.parametrize("part", ["postgres", "nats", "gateway"])
async def test_a_part_that_dies_is_reported_and_started_again_at_its_old_address(
    stack: Stack, told: list[tuple[str, str]], part: str
) -> None:
    dead = stack.process(part).pid
    told.clear()

    os.kill(dead, signal.SIGKILL)
    await until(lambda: (part, "runs again") in told)

    assert stack.process(part).pid != dead
    assert any(name == part and "has ended" in what for name, what in told)
    database = await asyncpg.connect(stack.database_url("events_app"))
    await database.close()
    assert answers(stack.addresses.ports["gateway"], "/livez")
    assert answers(stack.addresses.ports["nats_monitoring"], "/healthz")


def test_after_a_stop_nothing_runs_and_a_second_start_keeps_the_data(root: Path) -> None:
    with Stack(root, _wishes()) as stack:
        first = _pids(stack)
        ports = stack.addresses.ports
        (stack.layout.mails / "00000001.eml").write_text(
            "X-Received-At: 2026-01-01T00:00:00+00:00\nSubject: Bleibt\n\nText"
        )

    left = {name for name, pid in first.items() if born(pid)}
    with Stack(root, _wishes()) as stack:
        mails = httpx.get(f"{stack.notes.mailbox}/api/mails").json()
        again = stack.addresses.ports

    assert left == set()
    assert [mail["subject"] for mail in mails] == ["Bleibt"]
    assert again == ports
    assert notes.read(stack.layout.notes) is None


def test_what_a_killed_run_left_behind_is_ended_by_the_next(root: Path) -> None:
    held = subprocess.Popen(
        [sys.executable, "-c", HELD, root], stdout=subprocess.PIPE, cwd=ROOT, text=True
    )
    assert held.stdout is not None
    orphans = [int(pid) for pid in held.stdout.readline().split()]
    held.kill()
    held.communicate()
    alive = [pid for pid in orphans if born(pid)]

    told: list[tuple[str, str]] = []
    with Stack(root, _wishes(told)):
        left = [pid for pid in orphans if born(pid)]

    assert alive == orphans != []
    assert left == []
    assert ("gateway", "was left over from a crashed run and is ended") in told


def test_a_number_that_was_given_to_another_process_is_left_alone(root: Path) -> None:
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as stranger:
        (root / "run").mkdir(parents=True)
        noted = {"gateway": {"pid": stranger.pid, "born": "1"}}
        (root / "run" / "processes.json").write_text(str(noted).replace("'", '"'))

        register = Register(root / "run")
        ended = register.clear_up()
        register.close()

        assert ended == []
        assert stranger.poll() is None
        stranger.communicate(b"\n")


def test_a_busy_port_is_replaced_and_told(root: Path) -> None:
    with Stack(root, _wishes()) as first:
        taken = first.addresses.ports
        (root / "beside" / "run").mkdir(parents=True)
        (root / "run" / "ports.json").rename(root / "beside" / "run" / "ports.json")

        second = Stack(root / "beside", _wishes())
        chosen = second.addresses.ports
        second.stop()

    moved = {part for part, port in chosen.items() if port != taken[part]}
    # Besides these, whatever somebody else on this machine has taken in the meantime.
    assert moved >= {
        *("gateway", "mailbox", "smtp", "openid", "postgres"),
        *("nats", "nats_monitoring"),
    }
    assert moved <= set(second.addresses.moved)


def test_a_part_that_fails_names_itself_its_log_and_the_remedy(root: Path) -> None:
    stack = Stack(root, _wishes())
    (root / "secrets" / "openid-client.secret").unlink()

    with pytest.raises(PartFailed) as failed:
        stack.start()

    assert failed.value.part == "openid"
    assert "FileNotFoundError" in str(failed.value)
    assert f"Log: {root / 'log' / 'openid.log'}" in str(failed.value)
    assert "Remedy: " in str(failed.value)
    assert [name for name in stack.names() if _lives(stack, name)] == []


def test_a_start_can_be_called_off(root: Path) -> None:
    stack = Stack(root, _wishes())
    threading.Timer(0.05, stack.call_off).start()

    with pytest.raises(Cancelled):
        stack.start()

    assert [name for name in stack.names() if _lives(stack, name)] == []


def test_a_reset_deletes_everything_that_a_run_kept(root: Path) -> None:
    with Stack(root, _wishes()) as stack:
        layout = stack.layout

    wipe(layout)

    assert list(root.iterdir()) == []


def test_every_service_is_part_of_the_stack(root: Path) -> None:
    stack = Stack(root, Wishes())
    processes = set(stack.notes.health)
    stack.stop()

    assert processes == {f"{name}-{kind}" for name in SERVICES for kind in ("api", "worker")}


def _lives(stack: Stack, name: str) -> bool:
    try:
        return stack.process(name).is_running
    except KeyError:
        return False

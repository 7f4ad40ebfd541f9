"""`ehrensache up`: one command starts everything with a demo city, one key stops it."""

import asyncio
import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import asyncpg
import httpx
import msgspec
import pytest

from deploy.local.layout import Layout
from deploy.local.openid.people import DEMO_PEOPLE
from deploy.local.processes import Process, born

START_SECONDS = 150
STOP_SECONDS = 60
EHRENSACHE = Path(sys.executable).with_name("ehrensache")


class Run(msgspec.Struct):
    """A run of the command in a folder of its own."""

    layout: Layout
    process: subprocess.Popen[str]
    said: Path

    @property
    def text(self) -> str:
        """Return all that it has said so far."""
        return self.said.read_text()

    def pids(self) -> dict[str, Process]:
        """Return the processes that it has noted."""
        noted = (self.layout.notes / "processes.json").read_bytes()
        return msgspec.json.decode(noted, type=dict[str, Process])

    def await_text(self, text: str, seconds: float = START_SECONDS) -> None:
        """Wait until it has said something."""
        deadline = time.monotonic() + seconds
        while text not in self.text:
            assert self.process.poll() is None, self.text
            assert time.monotonic() < deadline, self.text
            time.sleep(0.05)

    def end(self, number: signal.Signals) -> int:
        """Send a signal and return the exit code."""
        self.process.send_signal(number)
        return self.process.wait(STOP_SECONDS)

    def query(self, service: str, statement: str) -> Any:
        """Ask the database as a service."""
        noted = json.loads((self.layout.notes / "notes.json").read_text())
        password = (self.layout.secrets / f"{service}_app.password").read_text()
        url = f"postgres://{service}_app:{password}@{noted['postgres']}/ehrensache"

        async def ask() -> Any:
            connection = await asyncpg.connect(url)
            try:
                return await connection.fetchval(statement)
            finally:
                await connection.close()

        return asyncio.run(ask())


def _start(root: Path, *options: str) -> Run:
    root.mkdir(exist_ok=True)
    said = root / "said.txt"
    with said.open("w") as output:
        process = subprocess.Popen(
            [EHRENSACHE, "up", *options],
            env={**os.environ, "EHRENSACHE_LOCAL": str(root)},
            stdout=output,
            stderr=subprocess.STDOUT,
            text=True,
        )
    return Run(Layout(root), process, said)


def _finish(run: Run) -> None:
    if run.process.poll() is None:
        run.end(signal.SIGTERM)


def _command(run: Run, *arguments: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "EHRENSACHE_LOCAL": str(run.layout.root)}
    return subprocess.run(
        [EHRENSACHE, *arguments], env=environment, capture_output=True, text=True, check=False
    )


@pytest.fixture(scope="module")
def run(servers_directory: Path) -> Iterator[Run]:
    run = _start(servers_directory / "up")
    run.await_text("Ctrl-C stops everything.")
    yield run
    _finish(run)


def test_it_prints_where_everything_is_and_who_can_sign_in(run: Run) -> None:
    gateway = re.search(r"Ehrensache +(http://localhost:\d+)", run.text)
    mailbox = re.search(r"Mailbox +(http://localhost:\d+)", run.text)

    assert gateway
    assert mailbox
    assert httpx.get(f"{gateway[1]}/livez").is_success
    assert httpx.get(mailbox[1]).is_success
    assert all(person.name in run.text for person in DEMO_PEOPLE)


def test_every_part_is_well(run: Run) -> None:
    shown = _command(run, "status", "--json")

    state = json.loads(shown.stdout)
    assert state["problems"] == []
    assert {process["detail"] for process in state["processes"]} == {"ready"}
    assert len(state["processes"]) == 8
    assert shown.returncode == 0


def test_a_city_is_loaded_on_the_ways_of_users_and_partners(run: Run) -> None:
    assert run.query("registry", "select count(*) from organisation") == 400
    assert run.query("registry", "select count(*) from person") == 2500
    assert run.query("recognition", "select phase from honouring_event") == "nomination_open"
    assert run.query("recognition", "select count(*) from organisation_quota") == 12
    assert run.query("recognition", "select count(*) from guest_proposal") == run.query(
        "recognition", "select sum(places) from organisation_quota"
    )
    assert run.query("events", "select count(distinct partner_id) from partner_item") == 3
    assert run.query("events", "select count(*) from course_registration") == 9
    assert run.query("events", "select count(*) from place") == 3


def test_loading_the_city_once_more_changes_nothing(run: Run) -> None:
    before = run.query("registry", "select max(version) from person")

    again = _command(run, "demo", "load", "--json")

    told = json.loads(again.stdout)["imports"]
    assert again.returncode == 0, again.stderr
    assert [one["new_rows"] + one["changed_rows"] for one in told] == [0, 0, 0]
    assert [one["unchanged_rows"] for one in told][:2] == [400, 2500]
    assert "people …" in again.stderr
    assert run.query("registry", "select max(version) from person") == before
    assert run.query("recognition", "select count(*) from honouring_event") == 1
    assert run.query("events", "select count(*) from course") == 2
    assert run.query("events", "select count(*) from committee") == 1


def test_a_second_one_says_that_the_first_runs(run: Run) -> None:
    second = _command(run, "up")

    assert second.returncode == 3
    assert f"already runs on {run.layout.root} (process {run.process.pid})" in second.stderr


def test_a_part_that_dies_is_told_and_comes_back(run: Run) -> None:
    dead = run.pids()["events-worker"]

    os.kill(dead.pid, signal.SIGKILL)
    run.await_text("events-worker runs again")

    assert "events-worker has ended" in run.text
    assert run.pids()["events-worker"] != dead


def test_the_logs_of_all_parts_are_one_stream(run: Run) -> None:
    _command(run, "provision")

    run.await_text("recognition-", 10)
    assert re.search(r"^ *(registry|recognition|events|notifier)-worker ", run.text, re.MULTILINE)


def test_an_interrupt_stops_everything(run: Run) -> None:
    started = run.pids()

    code = run.end(signal.SIGINT)

    assert code == 0
    assert "Everything is stopped." in run.text
    assert len(started) == 13
    assert {name for name, one in started.items() if born(one.pid) == one.born} == set()
    assert not (run.layout.notes / "notes.json").exists()


def test_a_second_start_keeps_the_data(run: Run) -> None:
    _finish(run)
    second = _start(run.layout.root, "--quiet")
    try:
        second.await_text("Ctrl-C stops everything.")
        people = second.query("registry", "select count(*) from person")
    finally:
        code = second.end(signal.SIGTERM)

    assert people == 2500
    assert code == 0


def test_a_start_that_is_interrupted_leaves_nothing_behind(servers_directory: Path) -> None:
    run = _start(servers_directory / "interrupted", "--no-demo")
    run.await_text("postgres ready")
    started = run.pids()

    code = run.end(signal.SIGINT)

    assert code == 130
    assert {name for name, one in started.items() if born(one.pid) == one.born} == set()

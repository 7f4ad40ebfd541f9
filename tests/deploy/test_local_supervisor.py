"""The supervisor: patient with a part that keeps dying, strict about order."""

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from deploy.local.failure import Cancelled, PartFailed
from deploy.local.part import Command, Layer, Part
from deploy.local.processes import Register, born
from deploy.local.supervisor import Supervisor
from tests.waiting import until

PREAMBLE = """
import os, pathlib, signal, subprocess, sys, time
READY = pathlib.Path("{ready}").touch
"""
Told = list[tuple[str, str]]


@pytest.fixture
def told() -> Told:
    return []


@pytest.fixture
def supervisor(tmp_path: Path, told: Told) -> Iterator[Supervisor]:
    register = Register(tmp_path / "run")
    supervisor = Supervisor(register, lambda *what: told.append(what))
    yield supervisor
    supervisor.stop()
    register.close()


def _part(folder: Path, name: str, code: str, *, layer: Layer = Layer.HELPER) -> Part:
    """Describe a program that is ready as soon as its code has called READY()."""
    ready = folder / f"{name}.ready"
    command = Command(
        name=name,
        arguments=[sys.executable, "-c", PREAMBLE.format(ready=ready) + code],
        log=folder / f"{name}.log",
        is_ready=ready.exists,
        environment={},
    )
    return Part(name=name, layer=layer, start=command.start, log=command.log, remedy=f"mend {name}")


async def test_a_part_that_keeps_dying_is_given_more_and_more_time(
    tmp_path: Path, supervisor: Supervisor, told: Told
) -> None:
    supervisor.start(_part(tmp_path, "weak", "print('Aua', flush=True)\nREADY()"))

    supervisor.watch()
    await until(lambda: sum("has ended" in what for _, what in told) >= 3)

    told_first = [what.splitlines()[0] for _, what in told if "has ended" in what]
    pauses = (0.5, 1, 2)
    assert told_first[:3] == [f"has ended; it is started again in {pause} s" for pause in pauses]
    assert "    Aua" in told[0][1]


def test_the_highest_layer_stops_first(tmp_path: Path, supervisor: Supervisor) -> None:
    order = tmp_path / "order"
    notes_its_end = (
        "def end(*_):\n"
        f"    with open({str(order)!r}, 'a') as file: file.write(NAME + '\\n')\n"
        "    raise SystemExit\n"
        "signal.signal(signal.SIGTERM, end)\n"
        "READY()\n"
        "time.sleep(600)"
    )
    layers = {"store": Layer.STORE, "gateway": Layer.GATEWAY, "api": Layer.API}
    for name, layer in layers.items():
        code = notes_its_end.replace("NAME", repr(name))
        supervisor.start(_part(tmp_path, name, code, layer=layer))

    supervisor.stop()

    assert order.read_text().split() == ["gateway", "api", "store"]


def test_one_failure_calls_the_other_starts_off(tmp_path: Path, supervisor: Supervisor) -> None:
    slow = _part(tmp_path, "slow", "time.sleep(600)")
    broken = _part(tmp_path, "broken", "raise SystemExit('kaputt')")
    outcomes: list[str] = []

    def start_slow() -> None:
        try:
            supervisor.start(slow)
        except Cancelled:
            outcomes.append("cancelled")
            raise

    with pytest.raises(PartFailed) as failed:
        supervisor.start_together([start_slow, lambda: supervisor.start(broken)])

    assert failed.value.part == "broken"
    assert "kaputt" in str(failed.value)
    assert "Remedy: mend broken" in str(failed.value)
    assert outcomes == ["cancelled"]


async def test_what_a_part_has_started_ends_with_it(tmp_path: Path, supervisor: Supervisor) -> None:
    child = tmp_path / "child"
    code = (
        "other = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(600)'])\n"
        f"pathlib.Path({str(child)!r}).write_text(str(other.pid))\n"
        "READY()\n"
        "time.sleep(600)"
    )
    supervisor.start(_part(tmp_path, "parent", code))
    pid = int(child.read_text())
    lived = born(pid)

    supervisor.kill("parent")

    assert lived
    await until(lambda: not born(pid))

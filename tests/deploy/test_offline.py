"""What a command that needs an engine finds, and that nothing runs on after it.

The engine is the only thing here that is not real; with a real one: `make test-containers`.
"""

import fcntl
import os
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from subprocess import PIPE, Popen

import pytest

from tests.conftest import ROOT
from tests.waiting import until

DOCKER = """#!/bin/sh
case "$1" in version) test -e "$RUNNING" ;; esac
"""
DOCKERD = """#!/bin/sh
trap 'kill $!; rm "$RUNNING"; exit 0' TERM
touch "$RUNNING"
sleep 600 & wait
"""
TIDYING = """
trap 'kill $!; test -e "$RUNNING" && echo tidied up; exit 0' TERM INT
sleep 600 > /dev/null &
echo begun
wait
"""


@pytest.fixture
def running(tmp_path: Path) -> Path:
    """A file that is there as long as the engine runs."""
    return tmp_path / "running"


@pytest.fixture
def variables(tmp_path: Path, running: Path) -> Mapping[str, str]:
    """An environment with an engine that nobody has started."""
    programs = tmp_path / "bin"
    programs.mkdir()
    for name, text in {"docker": DOCKER, "dockerd": DOCKERD, "iptables": "#!/bin/sh\n"}.items():
        (programs / name).write_text(text)
        (programs / name).chmod(0o755)
    return {
        **os.environ,
        "PATH": f"{programs}{os.pathsep}{os.environ['PATH']}",
        "RUNNING": str(running),
        "TMPDIR": str(tmp_path),
        "EHRENSACHE_LOCAL": str(tmp_path / "local"),
    }


@pytest.fixture
def begun(variables: Mapping[str, str]) -> Iterator[Popen[str]]:
    """A command that tidies up when it is told to end, and has begun."""
    command = [sys.executable, "-m", "deploy.offline", "sh", "-c", TIDYING]
    with Popen(command, env=variables, cwd=ROOT, stdout=PIPE, text=True, process_group=0) as begun:
        assert begun.stdout is not None
        while "begun" not in (line := begun.stdout.readline()):
            assert line, "it has ended"
        yield begun
        if begun.poll() is None:
            os.killpg(begun.pid, signal.SIGKILL)


def ran(variables: Mapping[str, str], *command: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "deploy.offline", *command],
        env=variables,
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )


def test_a_command_has_an_engine_that_ends_with_it(
    variables: Mapping[str, str], running: Path
) -> None:
    done = ran(variables, "sh", "-c", 'test -e "$RUNNING" && exit 3')

    assert done.returncode == 3
    assert not running.exists()
    assert "Started the engine" in done.stdout
    assert "caddy:2: the official image" in done.stdout
    assert "Ended the engine." in done.stdout


def test_an_engine_that_ran_before_runs_on(variables: Mapping[str, str], running: Path) -> None:
    running.touch()

    done = ran(variables, "true")

    assert done.returncode == 0
    assert running.exists()
    assert "engine" not in done.stdout


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_command_tidies_up_before_the_engine_goes(
    begun: Popen[str], running: Path, number: signal.Signals
) -> None:
    # Ctrl-C reaches everybody, SIGTERM the one that it is sent to.
    (os.killpg if number == signal.SIGINT else os.kill)(begun.pid, number)
    said, _ = begun.communicate()

    assert said == "tidied up\nEnded the engine.\n"
    assert not running.exists()


async def test_an_engine_does_not_outlive_a_run_that_is_killed(
    begun: Popen[str], running: Path
) -> None:
    begun.kill()

    assert await until(lambda: not running.exists())
    os.killpg(begun.pid, signal.SIGKILL)  # the command, which nobody has told


def test_one_command_runs_at_a_time(begun: Popen[str], variables: Mapping[str, str]) -> None:
    assert begun.poll() is None
    lock = Path(variables["TMPDIR"]) / "ehrensache-containers.lock"

    with lock.open("ab") as held, pytest.raises(BlockingIOError):
        fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)


def test_an_engine_that_does_not_start_is_quoted(
    variables: Mapping[str, str], tmp_path: Path
) -> None:
    (tmp_path / "bin" / "dockerd").write_text("#!/bin/sh\necho no rights; exit 1\n")

    done = ran(variables, "true")

    assert done.returncode == 1
    assert "no rights" in done.stderr
    assert "Remedy" in done.stderr

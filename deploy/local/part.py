"""One process of the local run: how it is started, and its whole group ended."""

import enum
import os
import signal
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from typing import Protocol

import msgspec

from deploy.local.failure import Cancelled
from deploy.local.layout import ROOT
from deploy.local.ports import HOST
from deploy.local.server import Program, Server

Environment = Mapping[str, str]
PROBE_SECONDS = 2
READY_SECONDS = 60


class Running(Protocol):
    """A process that somebody started."""

    @property
    def pid(self) -> int:
        """Return the process id; the process leads a group of the same number."""

    @property
    def is_running(self) -> bool:
        """Tell whether the process lives."""

    def stop(self) -> None:
        """End it in its clean way."""

    def kill(self) -> None:
        """End it at once."""


class Launch(msgspec.Struct, frozen=True, kw_only=True):
    """How one start of a part goes."""

    environment: Environment = msgspec.field(default_factory=dict)
    """More variables for this one process, such as EHRENSACHE_FAILPOINTS."""
    on_process: Callable[[int], None] = lambda _pid: None
    """Told the process id before the part is ready, again and again."""
    is_called_off: Callable[[], bool] = lambda: False

    def attend(self, pid: int) -> None:
        """Report the process, and give up if the start was called off.

        Raises:
            Cancelled: the start was called off.
        """
        self.on_process(pid)
        if self.is_called_off():
            raise Cancelled


class Layer(enum.IntEnum):
    """What must stop before what: the highest layer first, the parts of one layer together."""

    STORE = 0
    HELPER = 1
    WORKER = 2
    API = 3
    GATEWAY = 4


class Part(msgspec.Struct, frozen=True, kw_only=True):
    """Something that is started, watched, and stopped."""

    name: str
    layer: Layer
    start: Callable[[Launch], Running]
    """Starts it and returns when it is ready."""
    log: Path
    remedy: str
    """What a person can do if it does not start."""


class Group(Server):
    """A program together with the processes that it started itself."""

    def __init__(self, program: Program) -> None:
        """Start the program and wait until it is ready.

        Raises:
            ServerFailed: it ended, or was not ready in time.
            Cancelled: the start was called off; the program is ended.
        """
        try:
            super().__init__(program)
        except Cancelled:
            self.kill()
            raise

    def stop(self) -> None:
        """Stop the program; what is left of its group is ended at once."""
        super().stop()
        end_group(self.pid)

    def kill(self) -> None:
        """End the program and its group at once."""
        end_group(self.pid)
        super().kill()


def end_group(pid: int) -> None:
    """Kill every process of the group that this process leads or led."""
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(pid, signal.SIGKILL)


class Command(msgspec.Struct, frozen=True, kw_only=True):
    """A program of ours that runs in the tree with exactly this environment."""

    name: str
    arguments: Sequence[str | Path]
    log: Path
    is_ready: Callable[[], bool]
    environment: Environment

    def start(self, launch: Launch) -> Group:
        """Start it and wait until it is ready."""
        return Group(
            Program(
                name=self.name,
                command=self.arguments,
                log=self.log,
                is_ready=lambda pid: self._is_ready(launch, pid),
                ready_seconds=READY_SECONDS,
                process_options={
                    "cwd": ROOT,
                    "env": {**self.environment, **launch.environment},
                },
            )
        )

    def _is_ready(self, launch: Launch, pid: int) -> bool:
        launch.attend(pid)
        return self.is_ready()


def answers(port: int, path: str) -> bool:
    """Tell whether an HTTP server on this machine answers a GET with a status below 400."""
    connection = HTTPConnection(HOST, port, timeout=PROBE_SECONDS)
    try:
        connection.request("GET", path, headers={"Host": f"localhost:{port}"})
        return connection.getresponse().status < 400  # noqa: PLR2004 - where failures begin
    except (OSError, HTTPException):
        return False
    finally:
        connection.close()

"""Starts one server program in the background, waits until it is ready, and stops it again."""

import os
import signal
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import msgspec

POLL_SECONDS = 0.01
LOG_LINES_SHOWN = 15


class ServerFailed(RuntimeError):
    """A server did not start or did not stop; the message names its log and shows the end of it."""

    def __init__(self, name: str, problem: str, log: Path) -> None:
        lines = (
            log.read_text(encoding="utf-8", errors="replace").splitlines() if log.exists() else []
        )
        end = "\n".join(f"    {line}" for line in lines[-LOG_LINES_SHOWN:])
        super().__init__(f"{name} {problem}. Its log is {log}\n{end}".rstrip())


class Program(msgspec.Struct, frozen=True, kw_only=True):
    """A program to run in the background."""

    name: str
    command: Sequence[str | Path]
    log: Path
    """Its output is appended here."""
    is_ready: Callable[[int], bool]
    """Asked with the process id until it says True; must not raise while the program starts."""
    ready_seconds: float = 30
    stop_signals: Sequence[signal.Signals] = (signal.SIGTERM,)
    """Sent one after the other, each `stop_seconds` after the last; SIGKILL follows in the end."""
    stop_seconds: float = 15
    process_options: Mapping[str, Any] = msgspec.field(default_factory=dict)
    """More keyword arguments of Popen, such as `user`."""


class Server:
    """A running program. Its terminal's Ctrl-C does not reach it: whoever started it stops it."""

    def __init__(self, program: Program) -> None:
        """Start the program and wait until it is ready.

        Raises:
            ServerFailed: it ended, or was not ready in time (then it is killed).
        """
        self._program = program
        program.log.parent.mkdir(parents=True, exist_ok=True)
        with program.log.open("ab") as output:
            self._process = subprocess.Popen(
                [os.fspath(part) for part in program.command],
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                **program.process_options,
            )
        self._await_ready()

    @property
    def pid(self) -> int:
        """Return the process id."""
        return self._process.pid

    @property
    def is_running(self) -> bool:
        """Tell whether the process lives."""
        return self._process.poll() is None

    def stop(self) -> None:
        """Stop the program in its clean way and wait for its end, which may be past already."""
        for stop_signal in self._program.stop_signals:
            if not self.is_running:
                return
            self._process.send_signal(stop_signal)
            try:
                self._process.wait(self._program.stop_seconds)
            except subprocess.TimeoutExpired:
                continue
        self.kill()

    def kill(self) -> None:
        """End the process at once, as a crash would, and wait until it is gone."""
        if self.is_running:
            self._process.kill()
        self._process.wait()

    def _await_ready(self) -> None:
        program = self._program
        deadline = time.monotonic() + program.ready_seconds
        while not program.is_ready(self.pid):
            if not self.is_running:
                code = self._process.returncode
                raise ServerFailed(program.name, f"ended while starting (code {code})", program.log)
            if time.monotonic() > deadline:
                self.kill()
                problem = f"was not ready within {program.ready_seconds:.0f} s"
                raise ServerFailed(program.name, problem, program.log)
            time.sleep(POLL_SECONDS)

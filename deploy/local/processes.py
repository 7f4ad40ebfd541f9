"""Notes down which processes a run has started, so that a later one can clear up after a crash."""

import fcntl
import os
import signal
import subprocess
import threading
import time
from contextlib import suppress
from pathlib import Path
from typing import IO

import msgspec

from deploy.local.failure import AlreadyRunning
from deploy.local.part import end_group

END_SECONDS = 10


class Process(msgspec.Struct, frozen=True):
    """A process that we started. Numbers are used again, so its start is noted too."""

    pid: int
    born: str


class Register:
    """The one run that may use a folder, and its processes by part."""

    def __init__(self, folder: Path) -> None:
        """Take the folder for this process.

        Raises:
            AlreadyRunning: another living process has it.
        """
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._file = folder / "processes.json"
        self._guard = threading.Lock()
        self._lock = _lock(folder)
        self._processes = _read(self._file)

    def clear_up(self) -> list[str]:
        """End what an earlier, killed run left behind, and return the names of those parts."""
        left = {name: one for name, one in self._processes.items() if born(one.pid) == one.born}
        for process in reversed(left.values()):
            with suppress(ProcessLookupError):
                os.kill(process.pid, signal.SIGINT)  # at SIGTERM PostgreSQL waits for its clients
        for process in left.values():
            _await_end(process)
            end_group(process.pid)
        self._processes = {}
        self._write()
        return list(left)

    def note(self, part: str, pid: int) -> None:
        """Remember a part's process."""
        known = self._processes.get(part)
        if known is None or known.pid != pid:
            with self._guard:
                self._processes[part] = Process(pid, born(pid))
                self._write()

    def forget(self, part: str) -> None:
        """Forget a part's process, which has ended."""
        with self._guard:
            self._processes.pop(part, None)
            self._write()

    def close(self) -> None:
        """Give the folder back."""
        self._lock.close()

    def _write(self) -> None:
        unfinished = self._file.with_suffix(".unfinished")
        unfinished.write_bytes(msgspec.json.encode(self._processes))
        unfinished.replace(self._file)


def born(pid: int) -> str:
    """Say when a process began, in the system's own words; nothing if there is none."""
    try:
        stat = Path(f"/proc/{pid}/stat").read_text()
    except FileNotFoundError:
        return _born_without_proc(pid)
    state, *fields = stat.rpartition(")")[2].split()
    ticks_since_boot = fields[18]
    return "" if state == "Z" else ticks_since_boot


def _born_without_proc(pid: int) -> str:
    if Path("/proc/self").exists():
        return ""
    command = ["/bin/ps", "-o", "lstart=", "-p", str(pid)]
    return subprocess.run(command, capture_output=True, text=True, check=False).stdout.strip()


def _await_end(process: Process) -> None:
    deadline = time.monotonic() + END_SECONDS
    while born(process.pid) == process.born and time.monotonic() < deadline:
        time.sleep(0.02)


def _read(file: Path) -> dict[str, Process]:
    if not file.exists():
        return {}
    try:
        return msgspec.json.decode(file.read_bytes(), type=dict[str, Process])
    except msgspec.MsgspecError:
        return {}


def _lock(folder: Path) -> IO[str]:
    """Lock the folder as long as we live; the lock's file says who we are."""
    lock = (folder / "lock").open("a+")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        lock.seek(0)
        holder = lock.read().split()
        lock.close()
        raise AlreadyRunning(int(holder[0]) if holder else 0, folder.parent) from None
    lock.truncate(0)
    lock.write(f"{os.getpid()}\n")
    lock.flush()
    return lock

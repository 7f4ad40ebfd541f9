"""Makes sure that one process only serves a folder of data."""

import fcntl
import os
import signal
import time
from pathlib import Path
from typing import IO

from deploy.local.server import ServerFailed

ORPHAN_SECONDS = 30
POLL_SECONDS = 0.02


class DataInUse(RuntimeError):
    """Another living process has started a server on this data."""

    def __init__(self, directory: Path) -> None:
        super().__init__(f"The data in {directory} is in use by another running start")


def claim(directory: Path) -> IO[bytes]:
    """Claim the folder for this process; close what is returned to give it up.

    A process that is killed gives up its claims, also if the server that it started lives on.

    Raises:
        DataInUse: another living process has claimed it.
    """
    lock = (directory / "lock").open("wb")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        lock.close()
        raise DataInUse(directory) from None
    return lock


def stop_orphan(pid: int | None, argument: Path, stop_signal: signal.Signals) -> None:
    """Stop a server that outlived the process that started it; call it with the folder claimed.

    Args:
        pid: noted by the server; None if it has noted none.
        argument: stands in its command line. A process that has the number by chance is left alone.
        stop_signal: makes it end cleanly.

    Raises:
        ServerFailed: it does not end.
    """
    if pid is None or not _runs(pid, argument):
        return
    os.kill(pid, stop_signal)
    deadline = time.monotonic() + ORPHAN_SECONDS
    while _runs(pid, argument):
        if time.monotonic() > deadline:
            raise ServerFailed("A server", f"({pid}, left over) does not stop", argument)
        time.sleep(POLL_SECONDS)


def _runs(pid: int, argument: Path) -> bool:
    try:
        arguments = Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")
    except OSError:
        return False
    return os.fsencode(argument) in arguments

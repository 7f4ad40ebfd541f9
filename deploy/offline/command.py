"""Runs a command that uses the engine, one at a time on this machine."""

import fcntl
import signal
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Final

LOCK: Final = Path(tempfile.gettempdir()) / "ehrensache-containers.lock"


@contextmanager
def alone() -> Iterator[None]:
    """Wait until no other checkout works with containers: names of images and projects are one.

    Whoever is killed makes way, too.
    """
    with LOCK.open("ab") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def hand_over(command: Sequence[str]) -> int:
    """Run a command to its end, also when we are told to stop: it tidies up, then we go on.

    Returns:
        Its exit code; as a shell says it, where a signal has ended it.
    """
    running = subprocess.Popen(command)
    # Ctrl-C has reached the command as well.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, lambda _number, _frame: running.terminate())
    code = running.wait()
    return code if code >= 0 else 128 - code

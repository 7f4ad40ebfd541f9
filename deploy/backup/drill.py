"""`make drill`: loses a running city on purpose and brings it back with the operator's commands.

Prints how long each step takes, and ends with exit code 1 if anything is not as it was.
"""

import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import httpx

from deploy.cli.terminal import out
from deploy.local.layout import VARIABLE
from deploy.local.stack import Stack, Wishes
from deploy.postgres.roles import SERVICES

FEED = "/kalender/alle.ics"
KEY = "backup.key"
BACKLOG = ("unpublished", "pending", "unacknowledged", "dead_letters")
SETTLE_SECONDS = 300
LOOK_SECONDS = 0.5


def main() -> int:
    """Back up a demo city, lose it, restore it, rebuild its bus, and compare."""
    with tempfile.TemporaryDirectory(prefix="ehrensache-drill-", dir="/var/tmp") as directory:
        folder = Path(directory)
        folder.chmod(0o755)  # PostgreSQL's own user has to reach its data in it
        before, backup = _live_and_back_up(folder)
        for lost in ("data", "secrets"):
            shutil.rmtree(folder / "city" / lost)
        out.print("         data and secrets are lost")
        after = _come_back(folder, backup)
    is_same = before == after
    out.print("The feed is byte by byte what it was." if is_same else "The feed has changed.")
    return not is_same


def _live_and_back_up(folder: Path) -> tuple[bytes, str]:
    """Return the feed of a demo city and the folder of its backup."""
    with _running(folder / "city", "started on empty stores") as stack:
        with _timed("demo city loaded"):
            _command(folder, "demo", "load", "--folder", str(folder / "demo"))
            _settle(folder)
        with _timed("backup"):
            recipient = _command(folder, "backup-key", str(folder / KEY))
            shelf = ("--in", str(folder / "backups"))
            backup = _command(folder, "backup", "--recipient", recipient, *shelf)
        return _feed(stack), backup


def _come_back(folder: Path, backup: str) -> bytes:
    """Bring everything back as the runbook says, and return the feed."""
    identity = ("--identity", str(folder / KEY))
    with _timed("secrets unpacked"):
        _command(folder, "restore-secrets", backup, *identity, str(folder / "unpacked"))
        (folder / "unpacked" / "secrets").rename(folder / "city" / "secrets")
    with _running(folder / "city", "stores started", services=()), _timed("restored"):
        _command(folder, "restore", backup, *identity, "--yes")
    with _running(folder / "city", "services started") as stack:
        with _timed("bus rebuilt, all facts taken"):
            _command(folder, "rebuild")
            _settle(folder)
        with _timed("every invariant checked"):
            _command(folder, "verify")
        return _feed(stack)


@contextmanager
def _running(root: Path, what: str, services: Sequence[str] = SERVICES) -> Iterator[Stack]:
    stack = Stack(root, Wishes(services=services))
    with _timed(what):
        stack.start()
    try:
        yield stack
    finally:
        stack.stop()


@contextmanager
def _timed(what: str) -> Iterator[None]:
    began = time.monotonic()
    yield
    out.print(f"{time.monotonic() - began:6.1f} s  {what}")


def _command(folder: Path, *arguments: str, demands: bool = True) -> str:
    """Run `ehrensache` as an operator does; return what it prints."""
    ran = subprocess.run(
        [Path(sys.executable).parent / "ehrensache", *arguments],
        env={**os.environ, VARIABLE: str(folder / "city")},
        capture_output=True,
        text=True,
        check=False,
    )
    if demands and ran.returncode != 0:
        sys.exit(f"ehrensache {' '.join(arguments)} failed:\n{ran.stderr}{ran.stdout}")
    return ran.stdout.strip()


def _settle(folder: Path) -> None:
    """Wait until every fact is published and taken; mails may wait for a person."""
    end = time.monotonic() + SETTLE_SECONDS
    while True:
        state = json.loads(_command(folder, "status", "--json", demands=False))
        waiting = [
            f"{one['name']}: {one}" for one in state["services"] if any(map(one.get, BACKLOG))
        ]
        if not waiting:
            return
        if time.monotonic() > end:
            sys.exit("facts are still on their way:\n" + "\n".join(waiting))
        time.sleep(LOOK_SECONDS)


def _feed(stack: Stack) -> bytes:
    answer = httpx.get(f"{stack.addresses.gateway}{FEED}", trust_env=False)
    return answer.raise_for_status().content


if __name__ == "__main__":
    sys.exit(main())

"""Knows the processes that read messages for this one."""

import os
from contextlib import suppress
from pathlib import Path
from typing import Final

_MODULE: Final = b"services.events.ingest.child"


def children_of_this_process() -> list[int]:
    children = Path(f"/proc/{os.getpid()}/task/{os.getpid()}/children").read_text().split()
    return [int(child) for child in children if _MODULE in command_of(int(child))]


def command_of(process: int) -> bytes:
    """Return what a process was started with; empty if it has just ended."""
    with suppress(ProcessLookupError, FileNotFoundError):
        return Path(f"/proc/{process}/cmdline").read_bytes()
    return b""

"""Finds what tests have left in the engine: words of containers that are not well, and remains."""

import json
from collections.abc import Iterator
from typing import Any, Final

from tests.containers.composition import PREFIX, docker

LINES: Final = 40
"""Of a container that is not well."""
FEW_LINES: Final = 8
"""Of each container, where all of them look well."""


def sweep(prefix: str = PREFIX) -> None:
    """Remove what a run has left that was killed: an engine starts its containers again.

    Args:
        prefix: of the names of containers, volumes and networks.
    """
    _remove(("rm", "--force", "--volumes"), docker("ps", "--all", "--quiet", _named(prefix)))
    _remove(("volume", "rm"), docker("volume", "ls", "--quiet", _named(prefix)))
    _remove(("network", "rm"), docker("network", "ls", "--quiet", _named(prefix)))


def last_words() -> str:
    """Return what containers of tests have logged last: those that are not well, otherwise all."""
    containers = list(_containers())
    unwell = [container for container in containers if not _is_well(container)]
    lines = LINES if unwell else FEW_LINES
    return "\n".join(_words(container, lines) for container in unwell or containers)


def _containers() -> Iterator[dict[str, Any]]:
    ids = docker("ps", "--all", "--quiet", _named(PREFIX)).split()
    if ids:
        yield from json.loads(docker("inspect", *ids))


def _is_well(container: dict[str, Any]) -> bool:
    """Tell whether it does its work, or has ended by itself after it was done."""
    state = container["State"]
    is_healthy = state.get("Health", {}).get("Status", "healthy") == "healthy"
    ended_well = state["Status"] == "exited" and state["ExitCode"] == 0
    is_first_start: bool = container["RestartCount"] == 0
    return is_first_start and (ended_well or (state["Running"] and is_healthy))


def _words(container: dict[str, Any], lines: int) -> str:
    name, state = container["Name"].removeprefix("/"), container["State"]
    health = state.get("Health", {}).get("Status", "")
    heading = f"{name}: {state['Status']} {health}, exit code {state['ExitCode']}"
    logged = docker("logs", f"--tail={lines}", "--timestamps", container["Id"], both=True)
    return f"--- {heading}, started again {container['RestartCount']} times\n{logged}"


def _named(prefix: str) -> str:
    return f"--filter=name=^/?{prefix}"


def _remove(command: tuple[str, ...], found: str) -> None:
    if found.strip():
        docker(*command, *found.split())

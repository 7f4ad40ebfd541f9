"""Measures how long the system takes to start, and how much memory its processes have."""

import asyncio
import sys
import time

import msgspec

from bench.figures import Figure
from bench.processes import cost
from bench.system import System
from deploy.local.layout import ROOT
from deploy.postgres.roles import SERVICES

STORES = ("postgres", "nats")
LATER_SECONDS = 15
FIRST_SECONDS = 180
MEGABYTES = 120
IMPORT = """
from shared.memory import UNUSED, leave_out
leave_out(UNUSED["{process}"])
import {modules}
print(next(line.split()[1] for line in open("/proc/self/status") if line.startswith("VmRSS")))
"""
MODULES = {"api": "services.{service}.app, granian", "worker": "services.{service}.worker"}
"""What the two processes of a service load."""
PARTS = {f"{service}-{process}": (service, process) for service in SERVICES for process in MODULES}


class Imported(msgspec.Struct, frozen=True):
    """What importing alone costs."""

    seconds: float
    """All eight processes at once."""
    resident_mb: dict[str, float]
    """By part, such as `events-api`."""


async def measure(system: System) -> list[Figure]:
    """Return how long the start took with empty data, and how long it takes with data."""
    imported = await import_barely()
    first = _figure(system, imported, "start, empty data, with migrations", FIRST_SECONDS)
    await system.restart()
    return [first, _figure(system, imported, "start, data of an earlier run", LATER_SECONDS)]


async def measure_memory(system: System) -> list[Figure]:
    """Return the memory of each service's processes after whatever they have done so far."""
    bare = (await import_barely()).resident_mb
    return [memory(system, part, bare[part]) for part in PARTS]


async def import_barely() -> Imported:
    """Start eight bare interpreters at once that import what the services' processes import."""
    began = time.perf_counter()
    sizes = await asyncio.gather(*(_import(*of) for of in PARTS.values()))
    seconds = time.perf_counter() - began
    return Imported(seconds, dict(zip(PARTS, sizes, strict=True)))


async def _import(service: str, process: str) -> float:
    importing = await asyncio.create_subprocess_exec(
        sys.executable,
        "-c",
        IMPORT.format(process=process, modules=MODULES[process].format(service=service)),
        cwd=ROOT,
        stdout=asyncio.subprocess.PIPE,
    )
    told, _ = await importing.communicate()
    return int(told) / 1024


def _figure(system: System, imported: Imported, what: str, most_seconds: float) -> Figure:
    stores = max(system.ready_after[store] for store in STORES)
    return Figure(
        what=what,
        value=system.started_in,
        unit="s",
        bound=stores + imported.seconds,
        bound_is="s, the stores ready, then 8 bare imports",
        budget=f"≤ {most_seconds} s",
        is_kept=system.started_in <= most_seconds,
    )


def memory(system: System, part: str, bare_mb: float) -> Figure:
    """Return the memory of a part's largest process beside that of its bare imports."""
    now = cost(system.stack.process(part).pid)
    largest, *others = now.resident_mb
    beside = f", {len(others)} beside it" if others else ""
    return Figure(
        what=f"memory of {part}, largest process{beside}; {now.together_mb:.0f} MB together",
        value=largest,
        unit="MB",
        bound=bare_mb,
        bound_is="MB, imports alone",
        budget=f"≤ {MEGABYTES} MB",
        is_kept=largest <= MEGABYTES,
    )

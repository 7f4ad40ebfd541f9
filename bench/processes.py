"""Reads from /proc what a part's processes cost: memory and processor time."""

import os
from pathlib import Path

import msgspec

TICKS = os.sysconf("SC_CLK_TCK")
KIB_PER_MB = 1024
PROC = Path("/proc")


class Cost(msgspec.Struct, frozen=True):
    """What the processes of one group have cost up to now."""

    resident_mb: list[float]
    """Of each process, the largest first; memory that several use is counted for each of them."""
    together_mb: float
    """Of all of them; memory that several use is counted once."""
    cpu_seconds: float


def cost(leader: int) -> Cost:
    """Return the cost of the group that a process leads, with those that it started."""
    members = [Path(PROC, str(pid)) for pid in _members(leader)]
    resident = [_kib(member / "status", "VmRSS:") / KIB_PER_MB for member in members]
    return Cost(
        resident_mb=sorted(resident, reverse=True),
        together_mb=sum(_kib(member / "smaps_rollup", "Pss:") for member in members) / KIB_PER_MB,
        cpu_seconds=sum(_cpu_ticks(member) for member in members) / TICKS,
    )


def _members(leader: int) -> list[int]:
    return [
        int(entry.name)
        for entry in PROC.iterdir()
        if entry.name.isdigit() and _group(int(entry.name)) == leader
    ]


def _group(pid: int) -> int | None:
    try:
        return os.getpgid(pid)
    except ProcessLookupError:
        return None


def _kib(file: Path, field: str) -> int:
    lines = file.read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith(field))


def _cpu_ticks(member: Path) -> int:
    fields = (member / "stat").read_text().rpartition(")")[2].split()
    user, system = fields[11:13]
    return int(user) + int(system)

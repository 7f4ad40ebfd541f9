"""python packages.py [--pins] PART …: prints the lines of the lock that these parts of us need.

With --pins only the versions are printed, without hashes: for wheels that were checked and built.
Runs while an image is built, so it has nothing but Python and pip. A part is an extra of
pyproject.toml, or a package of the lock by name. pip resolves them with the versions of the lock;
every line printed is the lock's own, with its hashes. Whatever should be missing from them is
refused by pip when it installs with --require-hashes.
"""

import json
import re
import subprocess
import sys
import tempfile
import tomllib
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
PINS = "--pins"
NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")


def locked(lock: str) -> dict[str, str]:
    """Return the lines of a lock by the name of the package, with the hashes.

    A package has several versions where they differ between Pythons; pip takes the right one.
    """
    entries: dict[str, str] = {}
    name = ""
    for line in lock.splitlines(keepends=True):
        name = name if line[0].isspace() else normal(line)
        entries[name] = entries.get(name, "") + line
    return entries


def wishes(project: Mapping[str, Any], parts: Iterable[str], lock: Mapping[str, str]) -> list[str]:
    """Return what the parts ask for: our own requirements and their extras', or a package alone.

    Raises:
        LookupError: a part is neither an extra nor in the lock.
    """
    wished: list[str] = []
    for part in parts:
        if part in project["optional-dependencies"]:
            wished += [*project["dependencies"], *project["optional-dependencies"][part]]
        elif part in lock:
            wished.append(part)
        else:
            raise LookupError(f"there is no extra and no locked package {part!r}")
    return wished


def resolved(wished: Iterable[str], lock: Mapping[str, str]) -> list[str]:
    """Return the names of all packages that pip would install, with the versions of the lock."""
    with tempfile.TemporaryDirectory() as folder:
        constraints, report = Path(folder) / "pins.txt", Path(folder) / "report.json"
        constraints.write_text(pins("".join(lock.values())))
        subprocess.run(
            [
                *(sys.executable, "-m", "pip", "install", "--quiet", "--dry-run"),
                *("--ignore-installed", "--report", str(report), "-c", str(constraints)),
                *wished,
            ],
            check=True,
            stdout=sys.stderr,
        )
        found = json.loads(report.read_text())["install"]
    return sorted(normal(one["metadata"]["name"]) for one in found)


def pins(entries: str) -> str:
    """Return the entries of a lock without their hashes."""
    lines = [line for line in entries.splitlines() if not line[0].isspace()]
    return "".join(line.removesuffix(" \\") + "\n" for line in lines)


def normal(requirement: str) -> str:
    """Return the name that a requirement begins with, as indexes spell it.

    Source: PEP 503, normalized names.
    """
    name = NAME.match(requirement)
    if name is None:
        raise ValueError(f"no requirement: {requirement!r}")
    return re.sub(r"[-_.]+", "-", name[0]).lower()


def main(arguments: list[str], root: Path = ROOT) -> None:
    """Print the part of the lock."""
    parts = [one for one in arguments if one != PINS]
    lock = locked((root / "requirements.lock").read_text())
    project = tomllib.loads((root / "pyproject.toml").read_text())["project"]
    entries = "".join(lock[name] for name in resolved(wishes(project, parts, lock), lock))
    sys.stdout.write(pins(entries) if PINS in arguments else entries)


if __name__ == "__main__":
    main(sys.argv[1:])

"""python -m deploy.local.promtool: sees to it that there is promtool to test the alerts with."""

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Final

from deploy.local.layout import ROOT

VARIABLE: Final = "EHRENSACHE_PROMTOOL"
OWN: Final = ROOT / ".local" / "promtool"
"""Taken out of Debian's package: installed as a whole it would start a server."""
MISSING: Final = (
    "The tests of the alerts need promtool, and there is none. Remedy: install Prometheus (Debian: "
    f"apt install prometheus), or name a promtool in {VARIABLE}."
)


def find() -> str | None:
    """Return the path of promtool; None if there is none."""
    if named := os.environ.get(VARIABLE):
        return shutil.which(named)
    return str(OWN) if OWN.exists() else shutil.which("promtool")


def main() -> None:
    """Fetch promtool where apt is at hand, and say what to do where it is still missing."""
    apt, unpack = shutil.which("apt-get"), shutil.which("dpkg-deb")
    if find() is None and apt and unpack:
        sys.stderr.write("Fetching promtool for the tests of the alerts\n")
        if os.geteuid() == 0:
            _run(Path("/"), apt, "-qq", "update")
        with tempfile.TemporaryDirectory() as folder:
            _fetch(Path(folder), apt, unpack)
    if find() is None:
        sys.exit(MISSING)


def _fetch(folder: Path, apt: str, unpack: str) -> None:
    folder.chmod(0o755)
    _run(folder, apt, "-qq", "download", "prometheus")
    for package in folder.glob("*.deb"):
        _run(folder, unpack, "-x", str(package), str(folder))
        OWN.parent.mkdir(exist_ok=True)
        shutil.copy2(folder / "usr" / "bin" / "promtool", OWN)


def _run(folder: Path, *command: str) -> None:
    quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    subprocess.run(command, cwd=folder, check=False, env=quiet, stdout=sys.stderr)


if __name__ == "__main__":
    main()

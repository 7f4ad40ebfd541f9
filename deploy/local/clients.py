"""python -m deploy.local.clients: sees to it that there are real calendar programs to test with."""

import os
import shutil
import subprocess
import sys
import venv
from pathlib import Path
from typing import Final

from deploy.local.layout import ROOT

FOLDER: Final = ROOT / ".local" / "clients"
"""A virtual environment of their own: they want other versions of the libraries than we do."""
LOCK: Final = ROOT / "tests" / "clients" / "requirements.lock"
MISSING: Final = (
    "The client tests need a C compiler and libical. Remedy (Debian): apt install gcc libical-dev"
)


def program(name: str) -> Path:
    """Return where one of the programs is."""
    return FOLDER / "bin" / name


def has_libical() -> bool:
    """Tell whether the checker can be compiled."""
    if not (shutil.which("cc") and (config := shutil.which("pkg-config"))):
        return False
    return subprocess.run([config, "--exists", "libical"], check=False).returncode == 0


def main() -> None:
    """Install vdirsyncer and khal, and libical where root may; say what is still missing."""
    installed = FOLDER / "requirements.lock"
    if not installed.is_file() or installed.read_bytes() != LOCK.read_bytes():
        venv.create(FOLDER, with_pip=True, clear=True)
        pip = [str(program("python")), "-m", "pip", "install", "--quiet", "--require-hashes"]
        subprocess.run([*pip, "-r", str(LOCK)], check=True)
        shutil.copyfile(LOCK, installed)
    if not has_libical() and os.geteuid() == 0 and (apt := shutil.which("apt-get")):
        quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
        wanted = ["gcc", "libc6-dev", "pkg-config", "libical-dev"]
        for arguments in (["update"], ["install", "--yes", "--no-install-recommends", *wanted]):
            subprocess.run([apt, "-qq", *arguments], check=False, env=quiet, stdout=sys.stderr)
    if not has_libical():
        sys.exit(MISSING)


if __name__ == "__main__":
    main()

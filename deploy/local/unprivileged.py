"""Finds places and process options for a server that refuses to run as root."""

import hashlib
import os
import pwd
import shutil
import stat
from collections.abc import Sequence
from pathlib import Path
from typing import Any

USER = "nobody"
HOME = Path("/var/lib/ehrensache")
"""Where root's servers keep what an ordinary user could not reach in the place asked for."""


def process_options() -> dict[str, Any]:
    """Return Popen arguments that give up root's rights; none where there are none to give up."""
    if os.geteuid() != 0:
        return {}
    entry = pwd.getpwnam(USER)
    return {"user": entry.pw_uid, "group": entry.pw_gid, "extra_groups": []}


def hand_over(path: Path) -> None:
    """Make the unprivileged user the owner of a file or folder, if we are root."""
    if os.geteuid() == 0:
        entry = pwd.getpwnam(USER)
        os.chown(path, entry.pw_uid, entry.pw_gid)


def is_reachable(path: Path) -> bool:
    """Tell whether the unprivileged user can get to, or into, an existing path.

    Always so without root, since then nobody else is asked to.
    """
    if os.geteuid() != 0:
        return True
    resolved = path.resolve()
    doors = [resolved, *resolved.parents] if resolved.is_dir() else resolved.parents
    return all(door.stat().st_mode & stat.S_IXOTH for door in doors)


def reachable_copy(trees: Sequence[Path], label: str, home: Path = HOME) -> Path:
    """Return the folder of the trees if the unprivileged user can reach it, else one of copies.

    Args:
        trees: folders of programs and their libraries that lie beside each other, since the
            programs look for the libraries from where they lie; readable by everybody.
        label: names the copy together with the trees' path; change it when the content changes.
        home: where a copy is kept.
    """
    folder = trees[0].parent
    if is_reachable(trees[0]):
        return folder
    copy = home / f"{label}-{_fingerprint(folder)}"
    if not copy.exists():
        unfinished = copy.with_suffix(f".{os.getpid()}")
        unfinished.mkdir(mode=0o755, parents=True)
        home.chmod(0o755)
        for tree in trees:
            shutil.copytree(tree, unfinished / tree.name, symlinks=True)
            (unfinished / tree.name).chmod(0o755)
        unfinished.rename(copy)
    return copy


def reachable_directory(directory: Path, home: Path = HOME) -> Path:
    """Return an existing directory for data that the unprivileged user can reach.

    Where the directory asked for lies behind a closed door (a root's home, say), it becomes a
    link to one below `home`. Deleting the link is enough to start afresh: data whose link is gone
    is deleted before the link is made anew.
    """
    directory.parent.mkdir(parents=True, exist_ok=True)
    if directory.is_symlink():
        return directory.resolve(strict=True)
    if directory.exists() or is_reachable(directory.parent):
        directory.mkdir(exist_ok=True)
        return directory.resolve()
    elsewhere = home / f"data-{_fingerprint(directory)}"
    shutil.rmtree(elsewhere, ignore_errors=True)
    elsewhere.mkdir(mode=0o755, parents=True)
    directory.symlink_to(elsewhere)
    return elsewhere


def _fingerprint(path: Path) -> str:
    return hashlib.sha256(os.fsencode(path.absolute())).hexdigest()[:12]

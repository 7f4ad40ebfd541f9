"""Keeps backups in one folder, the newest last, and throws away the old ones."""

import math
import shutil
from collections.abc import Sequence
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec

from deploy.backup import manifest
from deploy.backup.manifest import Manifest, ManifestUnreadable

PREFIX = "ehrensache-"
UNFINISHED = ".unfinished"
NAME_OF_TIME = f"{PREFIX}%Y%m%dT%H%M%S.%fZ"
"""To the microsecond: a second backup in one second is a backup too."""
LEFT_OVER = timedelta(days=1)
"""After this a backup that was cut short is not written any more."""
BROUGHT_BACK = "brought-back"
"""File whose time says when a backup of this shelf last came back whole."""


class Backup(msgspec.Struct, frozen=True):
    """A finished backup."""

    folder: Path
    manifest: Manifest

    @property
    def bytes(self) -> int:
        """Return what its files take on the disk."""
        return sum(file.bytes for file in self.manifest.files)


def begin(shelf: Path, now: datetime) -> Path:
    """Make the folder of a new backup, which does not count until it is finished."""
    folder = shelf / f"{now:{NAME_OF_TIME}}{UNFINISHED}"
    folder.mkdir(mode=0o700, parents=True)
    return folder


def finish(folder: Path, what: Manifest) -> Backup:
    """Let a backup count from now on."""
    manifest.write(what, folder)
    return Backup(folder.rename(folder.with_suffix("")), what)


def backups(shelf: Path) -> list[Backup]:
    """Return the finished backups in a folder, the oldest first."""
    return [open_backup(folder) for folder in _finished(shelf)]


def open_backup(folder: Path) -> Backup:
    """Return the backup in a folder.

    Raises:
        ManifestUnreadable: there is none.
    """
    return Backup(folder, manifest.read(folder))


def later_than(backup: Backup) -> list[Backup]:
    """Return the backups beside this one that were made after it."""
    return [
        one
        for one in backups(backup.folder.parent)
        if one.manifest.made_at > backup.manifest.made_at
    ]


def note_brought_back(backup: Backup) -> None:
    """Note that this backup has just come back whole: tried, or in the place of the database."""
    (backup.folder.parent / BROUGHT_BACK).touch()


def newest_seconds(shelf: Path, now: datetime) -> float:
    """Return how old the newest backup is whose manifest can be read; infinite without any."""
    for folder in reversed(_finished(shelf)):
        with suppress(ManifestUnreadable):
            return (now - open_backup(folder).manifest.made_at).total_seconds()
    return math.inf


def tried_seconds(shelf: Path, now: datetime) -> float:
    """Return how long ago a backup last came back whole; infinitely long if none ever did."""
    try:
        last = (shelf / BROUGHT_BACK).stat().st_mtime
    except OSError:
        return math.inf
    return now.timestamp() - last


def forget(shelf: Path, keep_days: int, now: datetime) -> list[Path]:
    """Delete what is older than it is kept, never the newest backup; return what is gone."""
    before = now - timedelta(days=keep_days)
    old = [one.folder for one in backups(shelf)[:-1] if one.manifest.made_at < before]
    cut_short = [
        folder
        for folder in shelf.glob(f"{PREFIX}*{UNFINISHED}")
        if datetime.fromtimestamp(folder.stat().st_mtime, UTC) < now - LEFT_OVER
    ]
    return _deleted([*old, *cut_short])


def _finished(shelf: Path) -> list[Path]:
    return sorted(one for one in shelf.glob(f"{PREFIX}*") if one.suffix != UNFINISHED)


def _deleted(folders: Sequence[Path]) -> list[Path]:
    for folder in folders:
        shutil.rmtree(folder)
    return list(folders)

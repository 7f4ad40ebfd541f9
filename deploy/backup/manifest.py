"""Says what a backup holds, so that what comes out of it can be compared; readable, not secret."""

from datetime import datetime
from pathlib import Path

import msgspec

from deploy.backup.erasures import Erased

NAME = "manifest.json"


class SealedFile(msgspec.Struct, frozen=True):
    """An encrypted file of a backup."""

    name: str
    bytes: int
    sha256: str
    """In hexadecimal digits, of the encrypted file."""


class Manifest(msgspec.Struct, frozen=True, kw_only=True):
    """What was backed up, all of it at one moment."""

    made_at: datetime
    version: str
    """Of Ehrensache."""
    rows: dict[str, int]
    """How many there are in each table, named `schema.table`."""
    audit_heads: dict[str, str]
    """The newest hash of each service's audit, in hexadecimal digits: a tail that was cut off the
    audit later is found by it."""
    erased: list[Erased]
    """Who had been erased by then: an older backup that is restored has to do it again."""
    files: list[SealedFile]


class ManifestUnreadable(Exception):
    """The folder holds no backup, or an unfinished one."""


def write(manifest: Manifest, folder: Path) -> None:
    """Put the manifest beside the files that it describes."""
    (folder / NAME).write_bytes(msgspec.json.format(msgspec.json.encode(manifest)))


def read(folder: Path) -> Manifest:
    """Return what a backup says of itself.

    Raises:
        ManifestUnreadable: it says nothing, or something else.
    """
    try:
        return msgspec.json.decode((folder / NAME).read_bytes(), type=Manifest)
    except (OSError, msgspec.MsgspecError) as error:
        raise ManifestUnreadable(f"{folder} is no finished backup: {error}") from error

"""Encrypts streams into files and back with age, so that nothing readable touches the disk."""

import hashlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import IO

import pyrage
from pyrage import x25519

from deploy.backup.manifest import SealedFile


class NotIntact(Exception):
    """A file of a backup is missing, damaged, or not meant for this identity."""


def seal(source: IO[bytes], file: Path, recipients: Sequence[x25519.Recipient]) -> SealedFile:
    """Encrypt everything from a stream into a new file."""
    with file.open("xb") as target:
        pyrage.encrypt_io(source, target, recipients)  # type: ignore[arg-type] # reads any stream
    return SealedFile(file.name, file.stat().st_size, _sha256(file))


def check(folder: Path, sealed: SealedFile) -> None:
    """Make sure that a file is the one that was written.

    Raises:
        NotIntact: it is not.
    """
    file = folder / sealed.name
    if not file.is_file():
        raise NotIntact(f"{file} is missing")
    if file.stat().st_size != sealed.bytes or _sha256(file) != sealed.sha256:
        raise NotIntact(f"{file} is not what was written: its size or SHA-256 differs")


def unseal(
    file: Path,
    target: IO[bytes],
    identities: Sequence[x25519.Identity],
    tell: Callable[[float], None] | None = None,
) -> None:
    """Decrypt a file into a stream.

    Args:
        file: encrypted by `seal`.
        target: takes what stands in it.
        identities: one of them decrypts it.
        tell: is told which part of the file has been read, 0 to 1.

    Raises:
        NotIntact: no identity fits, or the file was changed.
    """
    with _as_not_intact(file), file.open("rb") as opened:
        source = _Told(opened, file.stat().st_size, tell) if tell else opened
        pyrage.decrypt_io(source, target, identities)  # type: ignore[arg-type] # streams of any


class _Told:
    """A stream that says how far it has been read."""

    def __init__(self, stream: IO[bytes], size: int, tell: Callable[[float], None]) -> None:
        self._stream = stream
        self._size = size
        self._tell = tell

    def read(self, most: int = -1) -> bytes:
        """Read on, as files do."""
        read = self._stream.read(most)
        self._tell(self._stream.tell() / max(self._size, 1))
        return read


def _sha256(file: Path) -> str:
    with file.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()


@contextmanager
def _as_not_intact(file: Path) -> Iterator[None]:
    try:
        yield
    except pyrage.DecryptError as error:
        raise NotIntact(f"{file} cannot be decrypted with this identity: {error}") from error

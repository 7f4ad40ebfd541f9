"""Runs PostgreSQL's own dump and restore programs, through age."""

import os
import subprocess
import tempfile
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import IO
from urllib.parse import parse_qs, unquote, urlsplit

from pyrage import x25519

from deploy.backup import seal
from deploy.backup.manifest import SealedFile
from deploy.local.postgres import binaries
from deploy.postgres.roles import SERVICES

LOCK_MILLISECONDS = 10_000
"""How long the dump waits for a migration that holds a table."""


class ProgramFailed(RuntimeError):
    """pg_dump or pg_restore ended with an error; the message is its own."""


def dump(url: str, snapshot: str, file: Path, recipients: Sequence[x25519.Recipient]) -> SealedFile:
    """Dump all services' schemas as they are in a snapshot, encrypted.

    Args:
        url: where a role that reads everything reaches the database, from `tunnel.reaching`.
        snapshot: exported by a transaction that is still open.
        file: to be made.
        recipients: who can decrypt it.

    Raises:
        ProgramFailed: the server refused.
    """
    command = [
        *("pg_dump", "--format=custom", f"--snapshot={snapshot}", "--no-unlogged-table-data"),
        f"--lock-wait-timeout={LOCK_MILLISECONDS}",
        *(f"--schema={service}" for service in SERVICES),
    ]
    with tempfile.TemporaryFile() as complaints:
        with _started(command, url, complaints, stdout=subprocess.PIPE) as process:
            if process.stdout is None:
                raise ProgramFailed("pg_dump has no output")
            sealed = seal.seal(process.stdout, file, recipients)
        _require_success(process, complaints)
    return sealed


def restore(
    url: str,
    file: Path,
    identities: Sequence[x25519.Identity],
    tell: Callable[[float], None],
) -> None:
    """Bring the schemas of a dump into a database in which nothing is yet.

    Args:
        url: where a superuser reaches the database, likewise; its roles and extensions exist.
        file: an encrypted dump.
        identities: one of them decrypts it.
        tell: is told which part of the dump has been handed over, 0 to 1.

    Raises:
        ProgramFailed: the server refused.
        NotIntact: the file cannot be decrypted.
    """
    command = ["pg_restore", "--clean", "--if-exists", "--exit-on-error"]
    command += ["--dbname", urlsplit(url).path.removeprefix("/")]
    with tempfile.TemporaryFile() as complaints:
        with _started(command, url, complaints, stdin=subprocess.PIPE) as process:
            if process.stdin is None:
                raise ProgramFailed("pg_restore has no input")
            with process.stdin, suppress(BrokenPipeError):  # then it has ended and says why
                seal.unseal(file, process.stdin, identities, tell)
        _require_success(process, complaints)


def _started(
    command: Sequence[str],
    url: str,
    complaints: IO[bytes],
    *,
    stdin: int = subprocess.DEVNULL,
    stdout: int = subprocess.DEVNULL,
) -> "subprocess.Popen[bytes]":
    """Start a program; the password goes by its environment, where other users cannot see it."""
    at = urlsplit(url)
    environment = {
        "PGHOST": parse_qs(at.query).get("host", [at.hostname or ""])[0],
        "PGPORT": str(at.port),
        "PGUSER": at.username or "",
        "PGPASSWORD": unquote(at.password or ""),
        "PGDATABASE": at.path.removeprefix("/"),
    }
    return subprocess.Popen(
        [binaries() / command[0], *command[1:]],
        env={**os.environ, **environment},
        stdin=stdin,
        stdout=stdout,
        stderr=complaints,
    )


def _require_success(process: "subprocess.Popen[bytes]", complaints: IO[bytes]) -> None:
    if process.returncode != 0:
        complaints.seek(0)
        said = complaints.read().decode(errors="replace").strip()
        raise ProgramFailed(said or f"it ended with {process.returncode}")

"""Backs up the database, as it is at one moment, and the secrets without which it is of no use."""

import asyncio
import tarfile
import tempfile
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path

import msgspec
from pyrage import x25519

from deploy.backup import counting, database, erasures, invariants, seal, shelf, tunnel
from deploy.backup.manifest import Manifest, SealedFile
from deploy.backup.shelf import Backup
from deploy.cli.reach import Reach
from deploy.postgres.roles import BACKUP, SERVICES
from deploy.version import version
from shared.database import Connection

DUMP = "database.dump.age"
SECRETS = "secrets.tar.age"
IN_MEMORY = 64 * 1024 * 1024
"""Bytes of unencrypted secrets; they are far smaller, and so never touch the disk."""

Tell = Callable[[str, float | None], None]
"""Is told what is being done and how far it is, 0 to 100; None where nobody knows."""


async def make(
    target: Reach,
    connection: Connection,
    folder: Path,
    recipients: Sequence[x25519.Recipient],
    tell: Tell,
) -> Backup:
    """Make one backup, all services at the same moment.

    Args:
        target: what is backed up.
        connection: of the role BACKUP, with no transaction open.
        folder: where the backup is put, in a folder of its own.
        recipients: who can decrypt it.
        tell: is told the steps.

    Raises:
        ProgramFailed: PostgreSQL refused; nothing that counts as a backup is left.
    """
    now = datetime.now(UTC)
    begun = shelf.begin(folder, now)
    async with connection.transaction(isolation="repeatable_read", readonly=True):
        tell("counting rows", None)
        manifest = await _describe(connection, now)
        snapshot = await connection.fetchval("select pg_export_snapshot()")
        tell("dumping the database", None)
        async with tunnel.reaching(target.database_url(BACKUP)) as url:
            dumped = await asyncio.to_thread(database.dump, url, snapshot, begun / DUMP, recipients)
    tell("packing the secrets", None)
    secrets = await asyncio.to_thread(_seal_secrets, target, begun / SECRETS, recipients)
    return shelf.finish(begun, msgspec.structs.replace(manifest, files=[dumped, secrets]))


async def _describe(connection: Connection, now: datetime) -> Manifest:
    """Say what the snapshot of a transaction holds; there are no files yet."""
    return Manifest(
        made_at=now,
        version=version(),
        rows=await counting.rows(connection),
        audit_heads={name: await invariants.audit_head(connection, name) for name in SERVICES},
        erased=await erasures.known(connection),
        files=[],
    )


def _seal_secrets(target: Reach, file: Path, recipients: Sequence[x25519.Recipient]) -> SealedFile:
    """Pack all secrets, in memory."""
    folders = {"secrets": target.secrets}
    if not target.bus_keys.is_relative_to(target.secrets):
        folders["bus-keys"] = target.bus_keys
    with tempfile.SpooledTemporaryFile(max_size=IN_MEMORY) as packed:
        with tarfile.open(fileobj=packed, mode="w") as archive:
            for name, folder in folders.items():
                archive.add(folder, arcname=name)
        packed.seek(0)
        return seal.seal(packed, file, recipients)


def unpack_secrets(folder: Path, identities: Sequence[x25519.Identity], target: Path) -> None:
    """Unpack the secrets of a backup into a new or empty folder.

    Raises:
        FileExistsError: something is in the folder.
        NotIntact: no identity fits, or the file was changed.
    """
    target.mkdir(mode=0o700, parents=True, exist_ok=True)
    if any(target.iterdir()):
        raise FileExistsError(f"{target} is not empty")
    with tempfile.SpooledTemporaryFile(max_size=IN_MEMORY) as packed:
        seal.unseal(folder / SECRETS, packed, identities)
        packed.seek(0)
        with tarfile.open(fileobj=packed) as archive:
            archive.extractall(target, filter="data")

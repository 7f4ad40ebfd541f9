"""Brings a backup back into a new database, compares it, and puts it in the place of the old."""

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from datetime import UTC, datetime
from urllib.parse import urlsplit, urlunsplit

import asyncpg
import msgspec
from pyrage import x25519

from deploy.backup import counting, database, erasures, invariants, seal, shelf, tunnel
from deploy.backup.making import DUMP, Tell
from deploy.backup.shelf import Backup
from deploy.postgres import roles
from deploy.postgres.roles import SERVICES
from shared.database import Connection, prepare

BY = "Wiederherstellung"
"""Who has stopped the mails, as the console shows it."""


class Server(msgspec.Struct, frozen=True):
    """Where a backup is brought back to."""

    superuser_url: str
    """Of the database `postgres`."""
    passwords: Mapping[str, str]
    """Of every role."""

    def url(self, name: str) -> str:
        """Return where the superuser reaches another database of the server."""
        return urlunsplit(urlsplit(self.superuser_url)._replace(path=f"/{name}"))

    def role_url(self, role: str, name: str) -> str:
        """Return where a role reaches a database of the server."""
        at = urlsplit(self.superuser_url)
        place = f"{role}:{self.passwords[role]}@{at.hostname}:{at.port}"
        return urlunsplit(at._replace(netloc=place, path=f"/{name}"))


class InUse(Exception):
    """Processes are connected to the database that is to be replaced; the message names them."""


async def bring_back(
    server: Server,
    backup: Backup,
    identities: Sequence[x25519.Identity],
    name: str,
    tell: Tell,
) -> list[str]:
    """Restore a backup into a new database and compare it with what the backup says.

    Whatever comes of it, `drop` the database afterwards if it has not taken another's place.

    Returns:
        What is not as it must be, in words; empty if all is well.

    Raises:
        NotIntact: a file is damaged, or no identity fits.
        ProgramFailed: PostgreSQL refused.
    """
    tell("checking the files", None)
    for file in backup.manifest.files:
        await asyncio.to_thread(seal.check, backup.folder, file)
    await roles.ensure(server.superuser_url, server.passwords, name)
    dump = backup.folder / DUMP
    async with tunnel.reaching(server.url(name)) as url:
        await asyncio.to_thread(
            database.restore,
            url,
            dump,
            identities,
            lambda part: tell("restoring the database", 100 * part),
        )
    tell("comparing", None)
    return await _findings(server, backup, name)


async def erase_again(server: Server, backup: Backup, restored: str, name: str) -> int:
    """Erase in a restored database whom its backup still had; return how many that are.

    Later backups on the same shelf know of them, and the database that is to be replaced.
    """
    erased = {one for later in shelf.later_than(backup) for one in later.manifest.erased}
    with suppress(asyncpg.InvalidCatalogNameError, asyncpg.UndefinedTableError):
        async with _connected(server.url(name)) as old:
            erased.update(await erasures.known(old))
    async with (
        _connected(server.role_url("events_app", restored)) as connection,
        connection.transaction(),
    ):
        return await erasures.repeat(connection, erased)


async def take_the_place(server: Server, restored: str, name: str, now: datetime) -> str | None:
    """Let a restored database be the one that services connect to.

    Mails stay held back until a person releases them: what was sent after the backup was made
    would be sent once more.

    Returns:
        The name under which the replaced database is kept; None if there was none.

    Raises:
        InUse: services are connected to the old one; nothing has changed.
    """
    await _hold_mails(server, restored)
    async with _connected(server.superuser_url) as connection:
        kept = f"{name}_before_{now:%Y%m%dt%H%M%S}"
        exists = await connection.fetchval("select true from pg_database where datname = $1", name)
        if exists:
            await _require_unused(connection, name)
            await connection.execute(f'alter database "{name}" rename to "{kept}"')
        await connection.execute(f'alter database "{restored}" rename to "{name}"')
    return kept if exists else None


async def drop(server: Server, name: str) -> None:
    """Delete a restored database that has not taken the place of another; none is fine too."""
    async with _connected(server.superuser_url) as connection:
        await connection.execute(f'drop database if exists "{name}" with (force)')


def scratch_name(name: str) -> str:
    """Return the name of a database that nothing else has."""
    return f"{name}_restored_{datetime.now(UTC):%Y%m%dt%H%M%S}"


async def _findings(server: Server, backup: Backup, name: str) -> list[str]:
    async with _connected(server.url(name)) as connection:
        await connection.execute("analyze")
        async with connection.transaction(readonly=True):
            found = _differences(backup.manifest.rows, await counting.rows(connection))
            for service in SERVICES:
                if unknown := await counting.unknown_migrations(connection, service):
                    known_not = "has migrations that this version does not know"
                    found.append(f"{service} {known_not}: {', '.join(unknown)}")
                head = await invariants.audit_head(connection, service)
                if head != backup.manifest.audit_heads[service]:
                    found.append(f"the audit of {service} does not end as it did")
            return found + await invariants.broken(connection)


def _differences(wished: Mapping[str, int], found: Mapping[str, int]) -> list[str]:
    return [
        f"{table} has {found.get(table, 0)} rows instead of {wished.get(table, 0)}"
        for table in sorted(wished.keys() | found.keys())
        if wished.get(table) != found.get(table)
    ]


async def _hold_mails(server: Server, name: str) -> None:
    async with _connected(server.url(name)) as connection:
        await connection.execute(
            """
            update notifier.sending_control set paused_at = now(), paused_by = $1
            where paused_at is null
            """,
            BY,
        )


@asynccontextmanager
async def _connected(url: str) -> AsyncIterator[Connection]:
    connection = await asyncpg.connect(url)
    try:
        await prepare(connection)
        yield connection
    finally:
        await connection.close()


async def _require_unused(connection: Connection, name: str) -> None:
    used = await connection.fetch(
        """
        select distinct coalesce(nullif(application_name, ''), usename) as process
        from pg_stat_activity
        where datname = $1 and pid <> pg_backend_pid()
        order by process
        """,
        name,
    )
    if used:
        processes = ", ".join(row["process"] for row in used)
        raise InUse(f"These are connected to it, stop them first: {processes}")

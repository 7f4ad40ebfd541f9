"""Creates the database, and for each service a schema and two roles that see nothing else."""

from collections.abc import Mapping

import asyncpg

from deploy.postgres.passwords import scram_verifier
from shared.database import Connection

SERVICES = ("registry", "recognition", "events", "notifier")
DATABASE = "ehrensache"
EXTENSIONS = ("pg_trgm", "unaccent", "btree_gist")
BACKUP = "backup"
"""Reads everything and writes nothing: for backups, and to look at all schemas together."""
OBSERVER = "observer"
"""Reads the figures of all, which `deploy.postgres.migrate` lets it, and no row."""
ROLES = (
    *(f"{service}_{part}" for service in SERVICES for part in ("owner", "app")),
    BACKUP,
    OBSERVER,
)
"""`<service>_owner` migrates its schema, `<service>_app` reads and writes rows in it."""

ROLE = """
alter role {role} with login nosuperuser nocreatedb nocreaterole noreplication nobypassrls
    password '{verifier}';
alter role {role} set search_path = {search_path};
alter role {role} set lock_timeout = '{lock_timeout}';
alter role {role} set statement_timeout = '{statement_timeout}';
alter role {role} set idle_in_transaction_session_timeout = '15s';
alter role {role} set timezone = 'UTC';
alter role {role} set log_error_verbosity = 'terse';
alter role {role} set log_min_error_statement = 'panic';
"""
"""The last two: rows and values of refused statements would be people's names in the log."""

READER = """
grant pg_read_all_data to {role};
alter role {role} with login nosuperuser nocreatedb nocreaterole noreplication nobypassrls
    password '{verifier}';
alter role {role} set search_path = extensions;
alter role {role} set default_transaction_read_only = on;
alter role {role} set lock_timeout = '10s';
alter role {role} set timezone = 'UTC';
"""

SHARED = """
revoke all on schema public from public;
create schema if not exists extensions;
"""

SCHEMA = """
create schema if not exists {service} authorization {service}_owner;
revoke all on schema {service} from public;
grant usage on schema {service} to {service}_app;
grant usage on schema extensions to {service}_owner, {service}_app;
alter default privileges for role {service}_owner revoke execute on functions from public;
alter default privileges for role {service}_owner in schema {service}
    grant select, insert, update, delete on tables to {service}_app;
alter default privileges for role {service}_owner in schema {service}
    grant usage, select on sequences to {service}_app;
alter default privileges for role {service}_owner in schema {service}
    grant execute on functions to {service}_app;
"""


async def ensure(
    superuser_url: str, passwords: Mapping[str, str], database: str = DATABASE
) -> None:
    """Bring roles, database and schemas to their wished state; a second run changes nothing.

    Args:
        superuser_url: where a superuser reaches the server's `postgres` database.
        passwords: of every role in ROLES.
        database: made if it does not exist.
    """
    server = await asyncpg.connect(superuser_url)
    try:
        async with server.transaction():
            for service in SERVICES:
                own = f"{service}, extensions"
                await _ensure_role(server, f"{service}_owner", passwords, own, ("5s", "0"))
                await _ensure_role(server, f"{service}_app", passwords, own, ("2s", "5s"))
            await _ensure_role(server, OBSERVER, passwords, "''", ("2s", "5s"))
            await _ensure_exists(server, BACKUP)
            await server.execute(
                READER.format(role=BACKUP, verifier=scram_verifier(passwords[BACKUP]))
            )
        await _ensure_database(server, database)
    finally:
        await server.close()
    await _ensure_schemas(superuser_url, database)


async def clone(superuser_url: str, template: str, database: str) -> None:
    """Make a database as a copy of a migrated one that nobody is connected to.

    The rights on the database itself are not copied by PostgreSQL, so they are given again.
    """
    server = await asyncpg.connect(superuser_url)
    try:
        await server.execute(
            f'create database "{database}" template "{template}" strategy file_copy'
        )
        await _restrict_database(server, database)
    finally:
        await server.close()


async def _ensure_role(
    server: Connection,
    role: str,
    passwords: Mapping[str, str],
    search_path: str,
    timeouts: tuple[str, str],
) -> None:
    """Make a role or bring it to its wished state; the timeouts are for locks and statements."""
    await _ensure_exists(server, role)
    lock_timeout, statement_timeout = timeouts
    await server.execute(
        ROLE.format(
            role=role,
            search_path=search_path,
            verifier=scram_verifier(passwords[role]),
            lock_timeout=lock_timeout,
            statement_timeout=statement_timeout,
        )
    )


async def _ensure_exists(server: Connection, role: str) -> None:
    if not await server.fetchval("select true from pg_roles where rolname = $1", role):
        await server.execute(f"create role {role}")


async def _ensure_database(server: Connection, database: str) -> None:
    if not await server.fetchval("select true from pg_database where datname = $1", database):
        await server.execute(f'create database "{database}"')
    await _restrict_database(server, database)


async def _restrict_database(server: Connection, database: str) -> None:
    await server.execute(f'revoke all on database "{database}" from public')
    await server.execute(f'grant connect on database "{database}" to {", ".join(ROLES)}')


async def _ensure_schemas(superuser_url: str, database: str) -> None:
    connection = await asyncpg.connect(superuser_url, database=database)
    try:
        async with connection.transaction():
            await connection.execute(SHARED)
            for extension in EXTENSIONS:
                await connection.execute(
                    f"create extension if not exists {extension} with schema extensions"
                )
            for service in SERVICES:
                await connection.execute(SCHEMA.format(service=service))
    finally:
        await connection.close()

"""Brings the stores of a local run to the state that the services expect."""

import asyncio
from collections.abc import Mapping
from pathlib import Path

from asyncpg import PostgresError

from deploy.local.failure import PartFailed
from deploy.nats import permissions, streams
from deploy.nats.listening import listens_to
from deploy.nats.partners import open_desk
from deploy.nats.session import sign_in
from deploy.postgres.migrate import MigrationFailed, migrate
from deploy.postgres.roles import DATABASE, SERVICES, ensure

CONNECT_SECONDS = 10


def prepare_postgres(superuser_url: str, address: str, passwords: Mapping[str, str]) -> None:
    """Make roles, database and schemas and apply the migrations; a second run changes nothing.

    Raises:
        PartFailed: names the migration that was refused.
    """
    owner_urls = {service: role_url(f"{service}_owner", passwords, address) for service in SERVICES}
    try:
        asyncio.run(ensure(superuser_url, passwords))
        asyncio.run(migrate(owner_urls))
    except (MigrationFailed, PostgresError) as error:
        remedy = "mend that migration; `make reset` begins with an empty database"
        raise PartFailed("migrate", str(error), remedy) from error


def prepare_nats(url: str, keys: Path) -> None:
    """Make streams and durables, and every partner's account, if the server lost them."""
    asyncio.run(_prepare_nats(url, keys))


def role_url(role: str, passwords: Mapping[str, str], address: str) -> str:
    """Return where a role reaches the database."""
    return f"postgres://{role}:{passwords[role]}@{address}/{DATABASE}"


async def _prepare_nats(url: str, keys: Path) -> None:
    connection = await sign_in(url, keys, permissions.PROVISIONER)
    try:
        await streams.provision(connection, listens_to())
    finally:
        await connection.close()
    async with open_desk(url, keys) as desk:
        await desk.restore()

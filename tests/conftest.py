"""Starts the real servers once for a run and hands each test module a database of its own."""

import tempfile
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from uuid import uuid4

import msgspec
import pytest

from deploy.local.postgres import Postgres
from deploy.postgres import passwords, roles
from deploy.postgres.migrate import migrate
from shared.database import Connection, Pool, open_pool

TEMPLATE = "ehrensache_template"
SERVICES = ("registry", "recognition", "events", "notifier")


class Migrated(msgspec.Struct, frozen=True):
    """A running server with all roles and a migrated database to copy from."""

    server: Postgres
    passwords: dict[str, str]

    def url(self, role: str, database: str) -> str:
        """Return where a role such as `registry_app` reaches a database."""
        return self.server.url(role, self.passwords[role], database)


class Database(msgspec.Struct, frozen=True):
    """A database of a test module's own."""

    name: str
    postgres: Migrated

    def url(self, service: str, kind: str = "app") -> str:
        """Return where a service reaches its schema, as its `app` or its `owner` role."""
        return self.postgres.url(f"{service}_{kind}", self.name)

    @asynccontextmanager
    async def pool(self, service: str, size: int = 8) -> AsyncIterator[Pool]:
        """Open the pool that the service itself would open."""
        pool = await open_pool(self.url(service), application_name=f"test-{service}", size=size)
        try:
            yield pool
        finally:
            await pool.close()


@pytest.fixture(scope="session")
def servers_directory() -> Iterator[Path]:
    """A folder that the unprivileged user of PostgreSQL can reach too."""
    with tempfile.TemporaryDirectory(prefix="ehrensache-", dir="/var/tmp") as directory:  # noqa: S108 - random name
        Path(directory).chmod(0o755)
        yield Path(directory)


@pytest.fixture(scope="session")
async def postgres(servers_directory: Path) -> AsyncIterator[Migrated]:
    """A PostgreSQL server, fast and forgetful, with every service's schema migrated."""
    server = Postgres.start(servers_directory / "postgres", durable=False)
    known = passwords.ensure(servers_directory / "secrets", roles.ROLES)
    migrated = Migrated(server, known)
    await roles.ensure(server.superuser_url(), known, TEMPLATE)
    await migrate({name: migrated.url(f"{name}_owner", TEMPLATE) for name in SERVICES})
    yield migrated
    server.stop()


@pytest.fixture(scope="module")
async def database(postgres: Migrated) -> Database:
    """A fresh copy of the migrated database for one test module."""
    name = f"test_{uuid4().hex}"
    await roles.clone(postgres.server.superuser_url(), TEMPLATE, name)
    return Database(name, postgres)


@asynccontextmanager
async def rolled_back(pool: Pool) -> AsyncIterator[Connection]:
    """Open a transaction that leaves nothing behind."""
    async with pool.acquire() as connection:
        opened = connection.transaction()
        await opened.start()
        try:
            yield connection
        finally:
            await opened.rollback()

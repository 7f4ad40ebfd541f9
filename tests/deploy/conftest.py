"""Servers of these tests' own: they are stopped, killed and broken on purpose."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from deploy.local.nats import Nats
from deploy.local.postgres import Postgres
from deploy.nats import accounts
from deploy.postgres import migrate, passwords, roles
from tests.deploy.servers import Bus, Databases


@pytest.fixture(scope="session")
def bus(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bus]:
    """Start NATS once for the permission and partner tests."""
    home: Path = tmp_path_factory.mktemp("bus")
    known = accounts.ensure(home / "identity")
    server = Nats.start(home / "data", known)
    yield Bus(server, known)
    server.stop()


@pytest.fixture(scope="session")
async def databases(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Databases]:
    """Start PostgreSQL once, with roles and migrated schemas."""
    home: Path = tmp_path_factory.mktemp("databases")
    server = Postgres.start(home / "postgres", durable=False)
    secrets = passwords.ensure(home / "passwords", roles.ROLES)
    ready = Databases(server, secrets)
    await roles.ensure(server.superuser_url(), secrets)
    await migrate.migrate(ready.owner_urls())
    yield ready
    server.stop()

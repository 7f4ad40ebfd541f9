"""Starts durable servers for one measurement, as they are shipped, in a folder of their own."""

import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import msgspec
from nats.aio.client import Client

from deploy.local.nats import Nats
from deploy.local.postgres import Postgres
from deploy.nats import accounts, permissions, streams
from deploy.postgres import passwords, roles
from deploy.postgres.migrate import migrate
from shared.database import Pool, open_pool

SERVICES = ("registry", "recognition", "events", "notifier")


class Servers(msgspec.Struct, frozen=True):
    """PostgreSQL with fsync and NATS with `sync_interval: always`, migrated and provisioned."""

    postgres: Postgres
    nats: Nats
    known: accounts.Accounts
    passwords: dict[str, str]

    def url(self, service: str, kind: str = "app") -> str:
        """Return where a service's role reaches the database."""
        role = f"{service}_{kind}"
        return self.postgres.url(role, self.passwords[role], "ehrensache")

    @asynccontextmanager
    async def client(self, user: str) -> AsyncIterator[Client]:
        """Connect to NATS as a service."""
        client = Client()
        await client.connect(
            self.nats.url,
            user_credentials=str(self.known.credentials_file(user)),
            inbox_prefix=permissions.inbox_prefix(user).encode(),
        )
        try:
            yield client
        finally:
            await client.close()

    @asynccontextmanager
    async def pool(self, service: str) -> AsyncIterator[Pool]:
        """Open a pool as a service does."""
        pool = await open_pool(self.url(service), application_name=f"bench-{service}")
        try:
            yield pool
        finally:
            await pool.close()


@asynccontextmanager
async def started() -> AsyncIterator[Servers]:
    """Start both servers, and stop and delete them at the end."""
    with tempfile.TemporaryDirectory(prefix="ehrensache-bench-", dir="/var/tmp") as directory:
        home = _readable(directory)
        postgres = Postgres.start(home / "postgres")
        known = accounts.ensure(home / "accounts")
        nats = Nats.start(home / "nats", known)
        try:
            secrets = passwords.ensure(home / "secrets", roles.ROLES)
            servers = Servers(postgres, nats, known, secrets)
            await roles.ensure(postgres.superuser_url(), secrets)
            await migrate({name: servers.url(name, "owner") for name in SERVICES})
            async with servers.client(permissions.PROVISIONER) as provisioner:
                await streams.provision(provisioner)
            yield servers
        finally:
            nats.stop()
            postgres.stop()


def _readable(directory: str) -> Path:
    """Let the unprivileged user of PostgreSQL reach the folder."""
    home = Path(directory)
    home.chmod(0o755)
    return home

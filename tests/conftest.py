"""Starts the real servers once for a run and hands each test module a database of its own."""

import shutil
import signal
import tempfile
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from uuid import uuid4

import asyncpg
import msgspec
import pytest
from nats.aio.client import Client
from nats.js.errors import NotFoundError
from xdist.remote import Producer
from xdist.scheduler import LoadScopeScheduling

from deploy.local.nats import Nats
from deploy.local.postgres import Postgres
from deploy.nats import accounts, permissions, streams
from deploy.postgres import passwords, roles
from deploy.postgres.migrate import migrate
from shared.database import Connection, Pool, open_pool

ROOT = Path(__file__).parents[1]
ROOM = 4 * 1024**3
TEMPLATE = "ehrensache_template"
SERVICES = ("registry", "recognition", "events", "notifier")


WHOLE_FOLDERS = ("journeys", "browser")
"""Folders whose tests share one running system; they take longest and go first."""


def pytest_configure() -> None:
    """Let whoever ends a run have its servers ended too, as Ctrl-C does.

    Ctrl-C itself as well: who starts a run in the background of a script starts it deaf to that,
    and with it all that tests start and interrupt.
    """
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, signal.default_int_handler)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with what takes longest."""
    items.sort(key=lambda item: item.path.parent.name not in WHOLE_FOLDERS)


@pytest.hookimpl(optionalhook=True)  # there is none without pytest-xdist's plugin
def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> LoadScopeScheduling:
    """Give workers whole files, and whole folders where the tests share a running system."""
    return ByFile(config, log)


class ByFile(LoadScopeScheduling):  # type: ignore[misc]  # pytest-xdist ships no types
    """Keeps on one worker what shares servers.

    Not by pytest-xdist's marks: it writes groups into a field that pytest 9.2 no longer reads, and
    then deals out single tests without a word.
    """

    def _split_scope(self, nodeid: str) -> str:
        file = Path(nodeid.partition("::")[0])
        return file.parent.name if file.parent.name in WHOLE_FOLDERS else file.as_posix()


class Migrated(msgspec.Struct, frozen=True):
    """A running server with all roles and a migrated database to copy from."""

    server: Postgres
    passwords: dict[str, str]

    def url(self, role: str, database: str) -> str:
        """Return where a role such as `registry_app` reaches a database."""
        return self.server.url(role, self.passwords[role], database)

    @asynccontextmanager
    async def server_connection(self, database: str) -> AsyncIterator[Connection]:
        """Connect as superuser, for what no service may do."""
        connection = await asyncpg.connect(self.server.superuser_url(database))
        try:
            yield connection
        finally:
            await connection.close()


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
    """A folder that PostgreSQL's unprivileged user can reach too, in memory where there is room."""
    memory = Path("/dev/shm")  # noqa: S108 - a folder with a random name is made in it
    roomy = memory.is_dir() and shutil.disk_usage(memory).free > ROOM
    place = memory if roomy else Path("/var/tmp")  # noqa: S108 - likewise
    with tempfile.TemporaryDirectory(prefix="ehrensache-", dir=place) as directory:
        Path(directory).chmod(0o755)
        yield Path(directory)


@pytest.fixture(scope="session")
def claim(testrun_uid: str) -> Iterator[Callable[[str], None]]:
    """A way to make sure that no other worker of this run has the tests of a whole folder too."""
    claimed: list[Path] = []

    def once(folder: str) -> None:
        mark = Path(tempfile.gettempdir()) / f"ehrensache-{testrun_uid}-{folder}"
        mark.mkdir()
        claimed.append(mark)

    yield once
    for mark in claimed:
        mark.rmdir()


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


class Bus(msgspec.Struct, frozen=True):
    """A NATS server in operator mode, as it is shipped."""

    server: Nats
    accounts: accounts.Accounts

    def credentials(self, user: str) -> str:
        """Return the text of a user's .creds file, such as a service's or `provisioner`'s."""
        return self.accounts.credentials_file(user).read_text(encoding="utf-8")

    @asynccontextmanager
    async def client(self, user: str) -> AsyncIterator[Client]:
        """Connect as a user with no more rights than it has in production."""
        client = Client()
        await client.connect(
            self.server.url,
            user_credentials=str(self.accounts.credentials_file(user)),
            inbox_prefix=permissions.inbox_prefix(user).encode(),
        )
        try:
            yield client
        finally:
            await client.close()


@pytest.fixture(scope="session")
def nats_server(servers_directory: Path) -> Iterator[Bus]:
    """The server, without streams."""
    known = accounts.ensure(servers_directory / "nats-accounts")
    server = Nats.start(servers_directory / "nats", known)
    yield Bus(server, known)
    server.stop()


@pytest.fixture(scope="module")
async def nats(nats_server: Bus) -> Bus:
    """The server with fresh streams and durables for one test module."""
    async with nats_server.client(permissions.PROVISIONER) as client:
        with suppress(NotFoundError):
            await client.jetstream().delete_stream(streams.FACTS)
        await streams.provision(client)
    return nats_server


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

"""Servers of these tests' own: they are stopped, killed and broken on purpose."""

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from deploy.local.nats import Nats
from deploy.local.stack import Stack, Wishes
from deploy.nats import accounts, streams
from tests.conftest import Database, Migrated
from tests.deploy.city import City
from tests.deploy.operator import Operator
from tests.deploy.servers import Bus


@pytest.fixture
def place(servers_directory: Path) -> Path:
    """A fresh folder that PostgreSQL's unprivileged user can reach."""
    folder = Path(tempfile.mkdtemp(dir=servers_directory))
    folder.chmod(0o755)
    return folder


@pytest.fixture(scope="session")
def bus(servers_directory: Path) -> Iterator[Bus]:
    """NATS with its own accounts, for the tests of permissions and partners."""
    home = servers_directory / "bus"
    known = accounts.ensure(home / "identity")
    server = Nats.start(home / "data", known)
    yield Bus(server, known)
    server.stop()


@pytest.fixture(scope="session")
async def provisioned(bus: Bus) -> Bus:
    """The same with the stream of facts and its durables."""
    connection = await bus.connect("provisioner")
    await streams.provision(connection)
    await connection.close()
    return bus


@pytest.fixture
def operator(
    provisioned: Bus, postgres: Migrated, database: Database, place: Path, servers_directory: Path
) -> Operator:
    """An operator whose commands reach the servers of these tests."""
    variables = {
        "EHRENSACHE_NATS_URL": provisioned.server.url,
        "EHRENSACHE_BUS_KEYS": str(provisioned.accounts.directory),
        "EHRENSACHE_POSTGRES": f"{postgres.server.host}:{postgres.server.port}",
        "EHRENSACHE_PASSWORDS": str(servers_directory / "secrets"),
        "EHRENSACHE_DATABASE": database.name,
        "EHRENSACHE_LOCAL": str(place / "nothing-runs-here"),
    }
    return Operator(variables, place)


@pytest.fixture(scope="module")
def city(servers_directory: Path) -> Iterator[City]:
    """Stores alone: no service works on them."""
    folder = servers_directory / "backup"
    with Stack(folder, Wishes(services=(), durable=False)) as stack:
        yield City(stack, folder)

"""A PostgreSQL and a NATS that speak TLS only, migrated and provisioned over it."""

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from deploy.local.ports import free_port
from deploy.nats import accounts
from deploy.nats.config import Place
from deploy.postgres import passwords, roles
from tests.deploy.tls.city import City
from tests.deploy.tls.servers import Certificates, TlsPostgres, start_nats


@pytest.fixture(scope="session")
def certificates(tmp_path_factory: pytest.TempPathFactory) -> Certificates:
    """Of an authority of our own."""
    return Certificates.make(tmp_path_factory.mktemp("inner"))


@pytest.fixture(scope="session")
def strange(tmp_path_factory: pytest.TempPathFactory) -> Certificates:
    """Of somebody else's authority, for the same names."""
    return Certificates.make(tmp_path_factory.mktemp("strange"))


@pytest.fixture(scope="session")
def city(servers_directory: Path, certificates: Certificates) -> Iterator[City]:
    """Both servers, with nothing in them yet."""
    home = Path(tempfile.mkdtemp(dir=servers_directory))
    home.chmod(0o755)
    postgres = TlsPostgres(home, certificates)
    known = accounts.ensure(home / "bus")
    place = Place(
        store=home / "nats",
        port=free_port(None),
        monitoring_port=free_port(None),
        tls=certificates.shown("nats"),
    )
    bus = start_nats(home / "nats", place, known)
    passwords.ensure(home / "passwords", roles.ROLES)
    yield City(home, postgres, f"nats://localhost:{place.port}", known, certificates)
    bus.stop()
    postgres.server.stop()


@pytest.fixture(scope="session")
async def ready(city: City) -> City:
    """The same, migrated and provisioned by the operator's commands."""
    await city.operate("migrate")
    await city.operate("provision")
    return city

"""PostgreSQL and NATS alone, each in a container that testcontainers starts."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import cast

import pytest
from testcontainers.community.postgres import PostgresContainer
from testcontainers.core.config import testcontainers_config
from testcontainers.core.container import DockerContainer
from testcontainers.core.wait_strategies import HttpWaitStrategy

from deploy.cli.secrets import BUS
from deploy.local.nats import Nats
from deploy.local.postgres import Postgres
from deploy.nats import accounts, config
from deploy.postgres import passwords, roles
from deploy.postgres.migrate import migrate
from deploy.postgres.settings import INITIAL
from tests.conftest import SERVICES, TEMPLATE, Bus, Migrated
from tests.containers.composition import PREFIX

# Its cleaner is one more image, and what we start, we stop.
testcontainers_config.ryuk_disabled = True

PASSWORD = "geheim"


class ReachedPostgres:
    """The server in its container, as far as tests ask for it."""

    def __init__(self, address: str) -> None:
        self._address = address

    def superuser_url(self, database: str = "postgres") -> str:
        return self.url("postgres", PASSWORD, database)

    def url(self, role: str, password: str, database: str) -> str:
        return f"postgres://{role}:{password}@{self._address}/{database}"


class ReachedNats:
    """The server in its container, as far as tests ask for it."""

    def __init__(self, url: str) -> None:
        self.url = url


@pytest.fixture(scope="session")
async def postgres(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Migrated]:
    """PostgreSQL's image, with every service's schema migrated."""
    image = PostgresContainer(
        "postgres:18", username="postgres", password=PASSWORD, dbname="postgres", driver=None
    ).with_env("POSTGRES_INITDB_ARGS", " ".join(INITIAL))
    image.with_name(f"{PREFIX}-postgres")
    with image as started:
        address = f"{started.get_container_host_ip()}:{started.get_exposed_port(5432)}"
        server = cast("Postgres", ReachedPostgres(address))
        known = passwords.ensure(tmp_path_factory.mktemp("passwords"), roles.ROLES)
        migrated = Migrated(server, known)
        await roles.ensure(server.superuser_url(), known, TEMPLATE)
        await migrate({name: migrated.url(f"{name}_owner", TEMPLATE) for name in SERVICES})
        yield migrated


@pytest.fixture(scope="session")
def nats_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bus]:
    """NATS's image with the configuration that is shipped, without streams."""
    known = accounts.ensure(tmp_path_factory.mktemp("bus"))
    file: Path = tmp_path_factory.mktemp("nats") / "nats.conf"
    file.write_text(config.render(BUS, known))
    image = (
        DockerContainer("nats:2.15-alpine")
        .with_name(f"{PREFIX}-nats")
        .with_command(["nats-server", "--config", "/etc/ehrensache/nats.conf"])
        .with_volume_mapping(file, "/etc/ehrensache/nats.conf")
        .with_exposed_ports(4222, 8222)
        .waiting_for(HttpWaitStrategy(8222, "/healthz"))
    )
    with image as started:
        url = f"nats://{started.get_container_host_ip()}:{started.get_exposed_port(4222)}"
        yield Bus(cast("Nats", ReachedNats(url)), known)

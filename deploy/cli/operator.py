"""Finds the servers that a command is to work on: named by the environment, or run from here."""

import os
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import asyncpg
import msgspec
import nats
from nats.aio.client import Client

from deploy.cli import reach
from deploy.cli.reach import Reach
from deploy.cli.terminal import NOT_RUNNING, USAGE, fail
from deploy.local import notes
from deploy.local.layout import default_layout
from deploy.nats.session import sign_in
from shared import inner_tls
from shared.database import Connection, prepare

VARIABLES = """\
Works on the run that `ehrensache up` started on this machine, or on the servers that these
variables name: EHRENSACHE_POSTGRES (host:port), EHRENSACHE_PASSWORDS (folder with
`<role>.password`), EHRENSACHE_NATS_URL, EHRENSACHE_BUS_KEYS (folder with the keys of the bus).
EHRENSACHE_INNER_CA is the file of who vouches for both servers, where they speak TLS.
For `status` and `exporter` EHRENSACHE_HEALTH names the processes
(`registry-api=http://registry:8000 …`), EHRENSACHE_NATS_MONITORING is NATS's `http://host:8222`,
EHRENSACHE_VOLUMES names folders whose disks are looked at (`postgres=/volumes/postgres …`),
EHRENSACHE_CERTIFICATE_AT is the host:port that shows the website's certificate (`gateway:443`), and
EHRENSACHE_BACKUPS is the folder whose backups must not become old.
"""
HEALTH = "EHRENSACHE_HEALTH"
MONITORING = "EHRENSACHE_NATS_MONITORING"
VOLUMES = "EHRENSACHE_VOLUMES"
CERTIFICATE_AT = "EHRENSACHE_CERTIFICATE_AT"
BACKUPS = "EHRENSACHE_BACKUPS"
CONNECT_SECONDS = 5


class Unreachable(Exception):
    """A server is not there; the message says which and why."""


class Operator(Reach, frozen=True, kw_only=True):
    """The servers of one system, and how to connect to them."""

    health: dict[str, str]
    """Origin of each process's /readyz, as far as known."""
    nats_monitoring: str = ""
    """Origin of NATS's /healthz, as far as known."""
    volumes: dict[str, Path] = msgspec.field(default_factory=dict)
    """Folders whose disks must not become full, by what lies there."""
    certificate_at: str = ""
    """host:port that shows the website's certificate; empty: it is not looked at."""
    backups: Path | None = None
    """Folder whose newest backup must not become old; None: it is not looked at."""

    @asynccontextmanager
    async def connected_as(self, role: str) -> AsyncIterator[Connection]:
        """Connect as a role; without a database the command ends with a sentence."""
        try:
            async with self.reaching_database(role) as connection:
                yield connection
        except Unreachable as error:
            fail(str(error), NOT_RUNNING)

    @asynccontextmanager
    async def bus_as(self, user: str) -> AsyncIterator[Client]:
        """Connect to NATS as a user; without NATS the command ends with a sentence."""
        try:
            async with self.reaching_bus(user) as client:
                yield client
        except Unreachable as error:
            fail(str(error), NOT_RUNNING)

    @asynccontextmanager
    async def reaching_database(self, role: str) -> AsyncIterator[Connection]:
        """Connect as a role.

        Raises:
            Unreachable: there is no database, or it refuses the role.
        """
        try:
            connection = await asyncpg.connect(self.database_url(role), timeout=CONNECT_SECONDS)
        except (OSError, TimeoutError, asyncpg.PostgresError) as error:
            reason = f"cannot be reached as {role}: {_words(error)}"
            raise Unreachable(f"PostgreSQL at {self.postgres} {reason}") from error
        try:
            await prepare(connection)
            yield connection
        finally:
            await connection.close()

    @asynccontextmanager
    async def reaching_bus(self, user: str) -> AsyncIterator[Client]:
        """Connect to NATS as a user.

        Raises:
            Unreachable: there is no NATS, or it refuses the user.
        """
        try:
            client = await sign_in(self.nats_url, self.bus_keys, user, self.inner_ca)
        except (OSError, TimeoutError, nats.errors.Error) as error:
            reason = f"cannot be reached as {user}: {_words(error)}"
            raise Unreachable(f"NATS at {self.nats_url} {reason}") from error
        try:
            yield client
        finally:
            await client.close()


def operator(environ: Mapping[str, str] = os.environ) -> Operator:
    """Return the servers to work on, or end the command saying how to name them."""
    named = [name for name in reach.VARIABLES.values() if environ.get(name)]
    if missing := [name for name in reach.VARIABLES.values() if named and name not in named]:
        fail(f"These variables are missing: {', '.join(missing)}", USAGE)
    found = msgspec.structs.asdict(reach.find(environ))
    return Operator(**found, **(_named(environ) if named else _noted()))


def _named(environ: Mapping[str, str]) -> dict[str, Any]:
    """Return what the variables say about the parts that are looked at."""
    volumes = _pairs(environ.get(VOLUMES, ""))
    return {
        "health": _pairs(environ.get(HEALTH, "")),
        "nats_monitoring": environ.get(MONITORING, ""),
        "volumes": {name: Path(folder) for name, folder in volumes.items()},
        "certificate_at": environ.get(CERTIFICATE_AT, ""),
        "backups": Path(environ[BACKUPS]) if environ.get(BACKUPS) else None,
    }


def _noted() -> dict[str, Any]:
    """Return what the local run has noted about its parts."""
    layout = default_layout()
    noted = notes.read(layout.notes)
    if noted is None:
        return {"health": {}}
    return {
        "health": noted.health,
        "nats_monitoring": noted.nats_monitoring,
        "volumes": {"data": layout.data},
    }


def _pairs(text: str) -> dict[str, str]:
    return dict(pair.split("=", 1) for pair in text.split())


def _words(error: Exception) -> str:
    return inner_tls.named(error) + (str(error) or type(error).__name__)

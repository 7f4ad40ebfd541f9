"""The whole system that journeys go through: its addresses, its processes, a look behind them."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, Final

import asyncpg
import httpx

from deploy.local.notes import Notes
from deploy.local.postgres import Postgres
from deploy.local.stack import Stack, Wishes
from deploy.postgres.roles import DATABASE
from shared.database import Connection, prepare
from tests.journeys.waiting import eventually

ASK_SECONDS: Final = 5


class System:
    """A started stack, asked and handled from one event loop."""

    def __init__(self, root: Path) -> None:
        """Take a folder, below which everything is kept."""
        self.told: list[tuple[str, str]] = []
        """What has happened to parts, such as a restart."""
        wishes = Wishes(durable=False, report=lambda *what: self.told.append(what))
        self._stack = Stack(root, wishes)
        self._looking: asyncpg.Connection[asyncpg.Record] | None = None

    async def start(self) -> None:
        """Start everything and return when all of it is ready."""
        await asyncio.to_thread(self._stack.start)

    async def stop(self) -> None:
        """Stop everything."""
        if self._looking is not None:
            await self._looking.close(timeout=1)
        await asyncio.to_thread(self._stack.stop)

    @property
    def notes(self) -> Notes:
        """Where everything is reached."""
        return self._stack.notes

    @property
    def root(self) -> Path:
        """The folder with data, logs and secrets."""
        return self._stack.layout.root

    @property
    def bus_files(self) -> Path:
        """The folder in which NATS keeps its streams."""
        return self._stack.layout.nats / "jetstream"

    @property
    def logs(self) -> list[Path]:
        """The log files of all parts."""
        return sorted({self._stack.log(part) for part in self._stack.names()})

    async def kill(self, part: str) -> None:
        """End a part as a crash would; it stays down until `restart`."""
        await asyncio.to_thread(self._stack.kill, part)

    async def restart(self, part: str, failpoints: str = "") -> None:
        """Start a part anew, for this one life with these failpoints; returns when it is ready."""
        await asyncio.to_thread(self._stack.restart, part, failpoints)

    async def restart_with(self, part: str, **settings: str | float) -> None:
        """Start a part anew, for this one life with these settings, such as `lease_seconds=3`."""
        named = {f"EHRENSACHE_{name.upper()}": str(value) for name, value in settings.items()}
        await asyncio.to_thread(self._stack._supervisor.restart, part, named)

    def life_of(self, part: str) -> int:
        """Return a number that is another one after the part has died or been restarted."""
        return self._stack.process(part).pid

    async def died(self, part: str, life: int) -> None:
        """Wait until the part's life has ended, by a failpoint for example."""

        async def is_over() -> bool:
            running = self._stack.process(part)
            return running.pid != life or not running.is_running

        await eventually(is_over, f"{part} has not died")

    async def readiness(self, process: str) -> httpx.Response:
        """Ask a process whether it is ready."""
        async with httpx.AsyncClient(timeout=ASK_SECONDS, trust_env=False) as client:
            return await client.get(f"{self.notes.health[process]}/readyz")

    async def is_ready(self, process: str) -> bool:
        """Tell whether a process answers that it is ready."""
        try:
            return (await self.readiness(process)).is_success
        except httpx.TransportError:
            return False

    async def metrics(self, process: str) -> str:
        """Return a process's metrics."""
        async with httpx.AsyncClient(timeout=ASK_SECONDS, trust_env=False) as client:
            return (await client.get(f"{self.notes.health[process]}/metrics")).text

    @asynccontextmanager
    async def connected_as(self, role: str) -> AsyncIterator[Connection]:
        """Connect to the database with no more rights than a role has."""
        connection = await asyncpg.connect(self._stack.database_url(role))
        try:
            await prepare(connection)
            yield connection
        finally:
            await connection.close()

    async def rows(self, statement: str, *values: Any) -> list[asyncpg.Record]:
        """Look into all schemas at once, as no service may."""
        if self._looking is None or self._looking.is_closed():
            server = self._stack.process("postgres")
            if not isinstance(server, Postgres):
                raise TypeError("PostgreSQL is not what the stack says")
            self._looking = await asyncpg.connect(server.superuser_url(DATABASE))
        return await self._looking.fetch(statement, *values)

    async def value(self, statement: str, *values: Any) -> Any:
        """Return the first column of the first row."""
        found = await self.rows(statement, *values)
        return found[0][0] if found else None

    def operator_environment(self) -> dict[str, str]:
        """Return what the operator's commands need in order to find this system."""
        return {
            "EHRENSACHE_NATS_URL": self.notes.nats_url,
            "EHRENSACHE_BUS_KEYS": str(self.notes.bus_keys),
            "EHRENSACHE_POSTGRES": self.notes.postgres,
            "EHRENSACHE_PASSWORDS": str(self.notes.passwords),
        }

"""The whole system that journeys go through: its addresses, its processes, a look behind them."""

import asyncio
import sys
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Any, Final

import asyncpg
import httpx

from deploy.cli.checks import look
from deploy.cli.metrics import exposed
from deploy.cli.operator import operator
from deploy.local.failure import PartFailed
from deploy.local.notes import Notes
from deploy.local.postgres import Postgres
from deploy.local.stack import Stack, Wishes
from deploy.nats import streams
from deploy.nats.permissions import PROVISIONER
from deploy.nats.session import sign_in
from deploy.postgres.roles import DATABASE, SERVICES
from shared.database import Connection, prepare
from shared.failpoints import VARIABLE as FAILPOINTS
from shared.settings import PREFIX
from tests.journeys.waiting import eventually

ASK_SECONDS: Final = 5
EHRENSACHE: Final = Path(sys.executable).with_name("ehrensache")


class System:
    """A started stack, asked and handled from one event loop."""

    def __init__(self, root: Path) -> None:
        """Take a folder, below which everything is kept.

        A part that dies stays dead: who kills one starts it again, and a crash that no journey
        has asked for is seen in `dead_parts`.
        """
        self._stack = Stack(root, Wishes(durable=False, restarts=False))
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

    @property
    def dead_parts(self) -> list[str]:
        """Name the parts that do not run."""
        stack = self._stack
        return [part for part in stack.names() if not stack.process(part).is_running]

    def libraries(self, part: str) -> set[str]:
        """Name the compiled libraries that a part's processes have loaded, by their paths."""
        leader = self._stack.process(part).pid
        members = [
            leader,
            *map(int, Path(f"/proc/{leader}/task/{leader}/children").read_text().split()),
        ]
        rows = [
            row for pid in members for row in Path(f"/proc/{pid}/maps").read_text().splitlines()
        ]
        return {row.split()[-1] for row in rows if row.endswith(".so")}

    async def kill(self, part: str) -> None:
        """End a part as a crash would; it stays down until `restart`."""
        await asyncio.to_thread(self._stack.kill, part)

    async def restart(self, part: str, failpoints: str = "", **settings: float) -> None:
        """Start a part anew and return when it is ready.

        Args:
            part: such as "notifier-worker", "nats", "postgres".
            failpoints: where it is to die, for this one life.
            settings: of the service, for this one life, such as `lease_seconds=3`.

        Raises:
            PartFailed: it has ended before it was ready.
        """
        named = {f"{PREFIX}{name.upper()}": str(value) for name, value in settings.items()}
        variables = {FAILPOINTS: failpoints, **named} if failpoints else named
        await asyncio.to_thread(self._stack._supervisor.restart, part, variables)

    @asynccontextmanager
    async def dying(self, part: str, *failpoints: str, **settings: float) -> AsyncIterator[None]:
        """Kill a part at each of these points, one life after the other, then let it live.

        The block gives the first life the work on which it dies; the later ones find it there.
        """
        await self._begin(part, failpoints[0], settings)
        yield
        await self._died(part, failpoints[0])
        for failpoint in failpoints[1:]:
            await self._begin(part, failpoint, settings)
            await self._died(part, failpoint)
        await self.restart(part)

    async def _begin(self, part: str, failpoint: str, settings: Mapping[str, float]) -> None:
        """Start a life; a short one may be over before the part was ready."""
        with suppress(PartFailed):
            await self.restart(part, failpoint, **settings)

    async def _died(self, part: str, failpoint: str) -> None:
        """Wait for the end of a life, and make sure that it was this one."""
        running = self._stack.process(part)

        async def is_over() -> bool:
            return not running.is_running

        await eventually(is_over, f"{part} does not come to {failpoint}")

    @asynccontextmanager
    async def soon_redelivered(self, seconds: int) -> AsyncIterator[None]:
        """Have the bus give dead consumers' facts to the next life earlier than it usually does."""
        bus = await sign_in(self.notes.nats_url, self.notes.bus_keys, PROVISIONER)
        try:
            for service in SERVICES:
                durable = await bus.jetstream().consumer_info(streams.FACTS, service)
                durable.config.ack_wait = seconds
                await bus.jetstream().add_consumer(streams.FACTS, durable.config)
            yield
            await streams.provision(bus)
        finally:
            await bus.close()

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
        connection = await asyncpg.connect(self._database_url(role))
        try:
            await prepare(connection)
            yield connection
        finally:
            await connection.close()

    async def rows(self, statement: str, *values: Any) -> list[asyncpg.Record]:
        """Look into all schemas at once, as no service may."""
        if self._looking is None or self._looking.is_closed():
            self._looking = await asyncpg.connect(self._superuser_url())
        return await self._looking.fetch(statement, *values)

    def _database_url(self, role: str) -> str:
        return self._stack.database_url(role)

    def _superuser_url(self) -> str:
        server = self._stack.process("postgres")
        if not isinstance(server, Postgres):
            raise TypeError("PostgreSQL is not what the stack says")
        return server.superuser_url(DATABASE)

    async def value(self, statement: str, *values: Any) -> Any:
        """Return the first column of the first row."""
        found = await self.rows(statement, *values)
        return found[0][0] if found else None

    async def operate(self, *words: str) -> None:
        """Type a command of the operator's at a terminal; what it writes goes to `handed_over`.

        Raises:
            AssertionError: it has failed; the message is what it said.
        """
        process = await asyncio.create_subprocess_exec(
            EHRENSACHE,
            *words,
            cwd=self.root,
            env=self._operator_environment(),
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
        )
        output, _ = await process.communicate()
        if process.returncode != 0:
            raise AssertionError(f"ehrensache {' '.join(words)}: {output.decode()}")

    async def handed_over(self, file: str) -> str:
        """Return the text of a file that an operator's command has written."""
        return (self.root / file).read_text()

    def _operator_environment(self) -> dict[str, str]:
        return {
            "EHRENSACHE_NATS_URL": self.notes.nats_url,
            "EHRENSACHE_BUS_KEYS": str(self.notes.bus_keys),
            "EHRENSACHE_POSTGRES": self.notes.postgres,
            "EHRENSACHE_PASSWORDS": str(self.notes.passwords),
            "EHRENSACHE_NATS_MONITORING": self.notes.nats_monitoring,
            "EHRENSACHE_VOLUMES": f"data={self.root}",
            "EHRENSACHE_HEALTH": " ".join(f"{name}={at}" for name, at in self.notes.health.items()),
        }

    async def exported(self) -> str:
        """Return what the exporter says of this system."""
        return exposed(await look(operator(self._operator_environment()))).decode()

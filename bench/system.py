"""Runs the whole system, durable, in a folder of its own, and lets measurements look behind it."""

import asyncio
import os
import signal
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

import asyncpg
import nats
from nats.aio.client import Client

from bench.load import fetch
from bench.processes import cost
from deploy.cli import reach
from deploy.cli.checks import look
from deploy.cli.operator import Operator, operator
from deploy.local.postgres import Postgres
from deploy.local.stack import Stack, Wishes
from deploy.nats import accounts, permissions
from deploy.postgres.roles import DATABASE
from shared.auth import TOKEN_LIFETIME, Role, Staff, TokenSigner
from shared.database import Pool, open_pool
from shared.web.cookies import SESSION, STAFF
from shared.web.csrf import FIELD, HEADER

LOOK_SECONDS = 0.1
LOOK_BEHIND_SECONDS = 1.0
"""Looking into all outboxes and streams is work itself."""
PATIENCE_SECONDS = 240


class NotInTime(RuntimeError):
    """Something that a measurement waits for has not come to pass."""


class System:
    """A started stack."""

    def __init__(self, root: Path) -> None:
        """Take a folder; nothing is started yet."""
        self.ready_after: dict[str, float] = {}
        """Seconds from the last start until each part was ready."""
        self.started_in = 0.0
        """Seconds that the last start took."""
        self._began = 0.0
        self._root = root
        self.stack = self._new_stack()

    async def start(self) -> None:
        """Start all parts, or start them again."""
        self.ready_after.clear()
        self._began = time.perf_counter()
        await asyncio.to_thread(self.stack.start)
        self.started_in = time.perf_counter() - self._began

    async def stop(self) -> None:
        """Stop all parts; the data is kept."""
        await asyncio.to_thread(self.stack.stop)

    async def restart(self) -> None:
        """Stop all parts and start them on the same data."""
        await self.stop()
        self.stack = self._new_stack()
        await self.start()

    def port(self, part: str) -> int:
        """Return the port of a part, such as `events-api`, past the gateway."""
        return self.stack.addresses.ports[part]

    def cpu_seconds(self, part: str) -> float:
        """Return the processor time that a part has used."""
        return cost(self.stack.process(part).pid).cpu_seconds

    @contextmanager
    def paused(self, part: str) -> Iterator[None]:
        """Let a part and what it has started stand still, so that work piles up for it."""
        leader = self.stack.process(part).pid
        os.killpg(leader, signal.SIGSTOP)
        try:
            yield
        finally:
            os.killpg(leader, signal.SIGCONT)

    @property
    def variables(self) -> dict[str, str]:
        """Return the variables by which the operator's commands find this system."""
        notes = self.stack.notes
        return {name: str(getattr(notes, field)) for field, name in reach.VARIABLES.items()}

    @property
    def operator(self) -> Operator:
        """Return the system as the operator's commands see it."""
        return operator(self.variables)

    @asynccontextmanager
    async def pool(self, service: str, size: int = 8) -> AsyncIterator[Pool]:
        """Open a pool as a service does."""
        url = self.stack.database_url(f"{service}_app")
        pool = await open_pool(url, application_name=f"bench-{service}", size=size)
        try:
            yield pool
        finally:
            await pool.close()

    @asynccontextmanager
    async def bus_client(self, user: str) -> AsyncIterator[Client]:
        """Connect to NATS as a user of the platform's account."""
        known = accounts.ensure(self.stack.layout.bus_keys)
        client = await nats.connect(
            self.stack.notes.nats_url,
            user_credentials=str(known.credentials_file(user)),
            inbox_prefix=permissions.inbox_prefix(user).encode(),
        )
        try:
            yield client
        finally:
            await client.close()

    async def make_ready(self) -> None:
        """Wait until all is settled, and have PostgreSQL do now what autovacuum does in time."""
        await self.settled()
        await self._as_superuser("vacuum analyze")

    async def make(self, service: str, *statements: str) -> None:
        """Make bare tables, to measure against, in a service's schema."""
        await self._as_superuser(
            f"set search_path = {service}, extensions",
            *statements,
            f"grant all on all tables in schema {service} to {service}_app",
        )

    async def staff(self, role: Role, port: int, page: str) -> dict[str, str]:
        """Return the headers of a member of staff who has opened this page at this port."""
        around = self.stack.layout.secrets
        signer = TokenSigner((around / "staff-token.key").read_text(), self.stack.addresses.gateway)
        member = Staff(
            subject="bench",
            name="Bench",
            roles=frozenset({role}),
            session_id=uuid4(),
            expires_at=datetime.now(UTC) + TOKEN_LIFETIME,
        )
        signed_in = {"Cookie": f"{SESSION}={uuid4().hex}; {STAFF}={signer.sign(member)}"}
        shown = (await fetch(port, page, {**signed_in, "Accept": "text/html"})).demand(200)
        _, _, after = shown.last_body.decode().partition(f'name="{FIELD}" value="')
        return {**signed_in, HEADER: after.partition('"')[0]}

    async def settled(self) -> None:
        """Wait until every fact is published and taken, and every message has its channel.

        Raises:
            NotInTime: that does not end, or facts ended as dead letters.
        """
        async with self.pool("notifier", size=1) as pool:
            await until(
                lambda: self._is_settled(pool), "facts are on their way", LOOK_BEHIND_SECONDS
            )

    async def _as_superuser(self, *statements: str) -> None:
        server = self.stack.process("postgres")
        if not isinstance(server, Postgres):
            raise TypeError("PostgreSQL is not what the stack says")
        connection = await asyncpg.connect(server.superuser_url(DATABASE))
        try:
            for statement in statements:
                await connection.execute(statement)
        finally:
            await connection.close()

    async def _is_settled(self, notifier: Pool) -> bool:
        services = (await look(self.operator)).services
        if any(service.dead_letters for service in services):
            raise NotInTime(f"dead letters: {services}")
        waits = any(one.unpublished or one.pending or one.unacknowledged for one in services)
        return not waits and not await notifier.fetchval(
            "select exists (select from message where channel is null and state = 'queued')"
        )

    def _new_stack(self) -> Stack:
        return Stack(self._root, Wishes(durable=True, restarts=False, report=self._note))

    def _note(self, part: str, what: str) -> None:
        if what.startswith("ready"):
            self.ready_after[part] = time.perf_counter() - self._began


async def until(
    is_so: Callable[[], Awaitable[bool]], otherwise: str, pause_seconds: float = LOOK_SECONDS
) -> None:
    """Wait until something is so.

    Raises:
        NotInTime: it has not become so; says `otherwise`.
    """
    end = time.perf_counter() + PATIENCE_SECONDS
    while not await is_so():
        if time.perf_counter() > end:
            raise NotInTime(otherwise)
        await asyncio.sleep(pause_seconds)


@asynccontextmanager
async def running() -> AsyncIterator[System]:
    """Start the system, and stop and delete it at the end, when asked to end in between too."""
    if measuring := asyncio.current_task():
        asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, measuring.cancel)
    with tempfile.TemporaryDirectory(prefix="ehrensache-bench-", dir="/var/tmp") as directory:
        system = System(_readable(directory))
        try:
            await system.start()
            yield system
        finally:
            await system.stop()


def tell(what: str) -> None:
    """Say on standard error what is being measured."""
    sys.stderr.write(f"{what} …\n")


def _readable(directory: str) -> Path:
    """Let the unprivileged user of PostgreSQL reach the folder."""
    root = Path(directory)
    root.chmod(0o755)
    return root / "system"

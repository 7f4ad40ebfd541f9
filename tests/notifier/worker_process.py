"""Runs notifier's real worker as a process of its own, to be killed."""

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import msgspec

from services.notifier.settings import Settings
from shared import failpoints, outbox
from shared.contracts.fact import Fact
from shared.database import transaction
from shared.relay import Relay
from shared.settings import PREFIX
from tests.conftest import ROOT, Bus, Database
from tests.notifier.builders import settings
from tests.notifier.mail_server import MailServer

LEASE_SECONDS = 4


class WorkerProcess(msgspec.Struct, frozen=True):
    """A running worker."""

    process: asyncio.subprocess.Process

    async def died(self) -> int:
        """Wait until it has ended and return its code; -9 if it was killed."""
        return await asyncio.wait_for(self.process.wait(), 60)

    async def kill(self) -> None:
        """End it at once, wherever it is."""
        self.process.send_signal(signal.SIGKILL)
        await self.process.wait()

    async def stop(self) -> int:
        """Ask it to end and return its code."""
        self.process.terminate()
        return await self.died()


@asynccontextmanager
async def working(
    database: Database, nats: Bus, server: MailServer, kill_at: str = ""
) -> AsyncIterator[WorkerProcess]:
    """Start a worker that dies at a failpoint, if one is named; killed when the block ends."""
    known = settings(
        database_url=database.url("notifier"),
        nats_url=nats.server.url,
        nats_credentials=nats.credentials("notifier"),
        smtp_port=server.port,
        lease_seconds=LEASE_SECONDS,
    )
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "services.notifier",
        "worker",
        cwd=ROOT,
        env={**os.environ, **_environment(known), failpoints.VARIABLE: kill_at},
        stderr=asyncio.subprocess.DEVNULL,
    )
    worker = WorkerProcess(process)
    try:
        yield worker
    finally:
        if process.returncode is None:
            await worker.kill()


async def publish(database: Database, nats: Bus, facts: list[Fact]) -> None:
    """Record facts as recognition does and have them relayed."""
    async with database.pool("recognition") as pool, nats.client("recognition") as client:
        async with transaction(pool) as opened:
            await outbox.record(opened, *facts)
        relay = Relay("recognition", pool, client, database.url("recognition"))
        while await relay.publish_some():
            pass


def _environment(known: Settings) -> dict[str, str]:
    values: dict[str, Any] = msgspec.structs.asdict(known)
    return {PREFIX + name.upper(): str(value) for name, value in values.items()}

"""A worker ends when it is told to, whatever it is waiting for at that moment."""

import asyncio
import json
import os
import signal
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from urllib.parse import urlsplit

import httpx
import pytest

from shared.broker import CLOSED_FOR_GOOD
from tests.conftest import ROOT, Bus, Database
from tests.recognition.honouring.settings import ticket_key
from tests.visitor import PUBLIC_URL, STAFF_PUBLIC_KEY

NOBODY = "127.0.0.1:1"


@asynccontextmanager
async def worker(database_url: str, nats_url: str, credentials: str) -> AsyncIterator[Process]:
    """Run recognition's worker; it is killed at the end if it has not ended."""
    variables = {
        "EHRENSACHE_DATABASE_URL": database_url,
        "EHRENSACHE_NATS_URL": nats_url,
        "EHRENSACHE_NATS_CREDENTIALS": credentials,
        "EHRENSACHE_PUBLIC_URL": PUBLIC_URL,
        "EHRENSACHE_STAFF_TOKEN_PUBLIC_KEY": STAFF_PUBLIC_KEY,
        "EHRENSACHE_TICKET_PRIVATE_KEY": ticket_key(),
        "EHRENSACHE_HEALTH_PORT": "0",
    }
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "services.recognition", "worker"),
        env={**os.environ, **variables},
        cwd=ROOT,
        stderr=PIPE,
    )
    try:
        yield process
    finally:
        if process.returncode is None:
            process.kill()
        await process.communicate()


async def told(process: Process, wanted: bytes) -> None:
    """Read the worker's log until something is told in it."""
    assert process.stderr is not None
    async with asyncio.timeout(30):
        while wanted not in (line := await process.stderr.readline()):
            assert line, "the worker has ended"


async def health_port(process: Process) -> int:
    """Return where the worker says that it answers."""
    assert process.stderr is not None
    async with asyncio.timeout(30):
        while b"worker_starts" not in (line := await process.stderr.readline()):
            assert line, "the worker has ended"
    return int(json.loads(line)["health_port"])


async def asked(port: int, path: str) -> tuple[int, str]:
    """Return status and text of what the health port answers."""
    async with httpx.AsyncClient(trust_env=False) as client:
        answer = await client.get(f"http://127.0.0.1:{port}{path}")
    return answer.status_code, answer.text


async def ended(process: Process) -> int:
    """Tell the worker to end and return its exit code."""
    process.send_signal(signal.SIGTERM)
    async with asyncio.timeout(30):
        await process.communicate()
    return int(process.returncode or 0)


class Line:
    """A connection to a server that can be cut."""

    def __init__(self, url: str) -> None:
        self._target = urlsplit(url)
        self._writers: list[asyncio.StreamWriter] = []
        self._to_clients: list[asyncio.StreamWriter] = []

    async def open(self) -> str:
        """Begin to pass on what is sent, and return the address to send it to."""
        self._server = await asyncio.start_server(self._connect, "127.0.0.1", 0)
        return f"nats://127.0.0.1:{self._server.sockets[0].getsockname()[1]}"

    async def cut(self) -> None:
        """End all connections and refuse new ones."""
        self._server.close()
        for writer in self._writers:
            writer.close()
        await self._server.wait_closed()

    def say(self, words: bytes) -> None:
        """Tell those who are connected something, as if the server had."""
        for writer in self._to_clients:
            writer.write(words)

    async def _connect(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        there, back = await asyncio.open_connection(self._target.hostname, self._target.port)
        self._to_clients.append(writer)
        self._writers += [writer, back]
        await asyncio.gather(_pass_on(reader, back), _pass_on(there, writer))


async def _pass_on(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    while data := await reader.read(65_536):
        writer.write(data)


async def test_a_worker_that_waits_for_the_database_ends_when_told(nats: Bus) -> None:
    url = f"postgres://nobody:nothing@{NOBODY}/ehrensache"
    async with worker(url, nats.server.url, nats.credentials("recognition")) as process:
        await told(process, b"worker_waits_for_database")

        assert await ended(process) == 0


async def test_a_worker_that_waits_for_nats_ends_when_told(database: Database, nats: Bus) -> None:
    credentials = nats.credentials("recognition")
    url = database.url("recognition")
    async with worker(url, f"nats://{NOBODY}", credentials) as process:
        await told(process, b"nats_error")

        assert await ended(process) == 0


async def test_a_worker_that_has_lost_nats_ends_when_told(database: Database, nats: Bus) -> None:
    line = Line(nats.server.url)
    address = await line.open()
    credentials = nats.credentials("recognition")
    async with worker(database.url("recognition"), address, credentials) as process:
        await told(process, b"worker_ready")
        await line.cut()
        await told(process, b"nats_disconnected")

        assert await ended(process) == 0


@pytest.mark.parametrize("reason", ["User Authentication Revoked", "Authorization Violation"])
async def test_a_worker_whose_connection_is_closed_for_good_ends_so_that_it_is_started_again(
    database: Database, nats: Bus, reason: str
) -> None:
    line = Line(nats.server.url)
    address = await line.open()
    credentials = nats.credentials("recognition")
    async with worker(database.url("recognition"), address, credentials) as process:
        await told(process, b"worker_ready")
        line.say(f"-ERR '{reason}'\r\n".encode())
        await told(process, b"nats_closed_for_good")

        assert await process.wait() == CLOSED_FOR_GOOD


async def test_a_worker_answers_before_it_has_reached_the_database(nats: Bus) -> None:
    url = f"postgres://nobody:nothing@{NOBODY}/ehrensache"
    async with worker(url, nats.server.url, nats.credentials("recognition")) as process:
        port = await health_port(process)

        assert await asked(port, "/livez") == (200, "alive\n")
        ready = await asked(port, "/readyz")
        assert ready == (503, '{"database":false,"nats":false,"working":false}')


async def test_a_worker_says_that_it_still_waits_for_nats(database: Database, nats: Bus) -> None:
    credentials = nats.credentials("recognition")
    url = database.url("recognition")
    async with worker(url, f"nats://{NOBODY}", credentials) as process:
        port = await health_port(process)
        await told(process, b"nats_error")

        assert await asked(port, "/livez") == (200, "alive\n")
        ready = await asked(port, "/readyz")
        assert ready == (503, '{"database":true,"nats":false,"working":false}')


async def test_a_worker_that_works_is_ready_until_it_is_told_to_end(
    database: Database, nats: Bus
) -> None:
    credentials = nats.credentials("recognition")
    url = database.url("recognition")
    async with worker(url, nats.server.url, credentials) as process:
        port = await health_port(process)
        await told(process, b"worker_ready")

        ready = await asked(port, "/readyz")

        assert ready == (200, '{"database":true,"nats":true}')
        assert await ended(process) == 0
        with pytest.raises(httpx.ConnectError):
            await asked(port, "/livez")

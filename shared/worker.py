"""Runs a service's `worker`, which does all that is not answering HTTP."""

import asyncio
import signal
from collections.abc import Awaitable, Callable, Coroutine, Iterable, Sequence
from typing import Any, TypeVar

import asyncpg
import msgspec
import nats.errors
import uvloop
from faststream.nats import NatsBroker
from nats.aio.client import Client

from shared import broker as bus
from shared import health
from shared.answering import Answering, answer_asks
from shared.asks import Asks
from shared.consumer import Consumer
from shared.database import CONNECTION_GONE, Pool, close_pool, open_pool_patiently
from shared.health import Readiness
from shared.memory import keep_what_is_loaded
from shared.relay import Relay
from shared.settings import ServiceSettings
from shared.telemetry import describe, log
from shared.timers import Timer, of_every_worker, ticking

DRAIN_SECONDS = 5
"""How long a batch in hand may take to end when the worker is told to stop. Containers are granted
ten seconds for all that comes to an end then."""
LEAVE_SECONDS = 2
"""How long asks in hand, and NATS itself, may take to come to an end."""
CANCEL_SECONDS = 0.5
"""How long a cancellation may take. The client of NATS can swallow one that meets a refused
connection, asyncpg turns one into the error of a connection that is gone: it is repeated."""

Value = TypeVar("Value")


class Parts(msgspec.Struct, frozen=True, kw_only=True):
    """What a worker's own pieces are built from."""

    settings: Any
    pool: Pool
    asks: Asks
    client: Client


class _Reach:
    """What the worker has reached so far."""

    def __init__(self) -> None:
        self.pool: Pool | None = None
        self.client: Client | None = None
        self.is_working = False

    async def readiness(self) -> Readiness:
        """Return what /readyz says."""
        try:
            database = await self.pool.fetchval("select true", timeout=2) if self.pool else False
        except (OSError, TimeoutError, asyncpg.PostgresError, *CONNECTION_GONE):
            database = False
        nats = self.client is not None and self.client.is_connected
        return Readiness(database=bool(database), nats=nats, working=self.is_working)


class Worker(msgspec.Struct, frozen=True, kw_only=True):
    """What one service's worker does besides relaying its facts."""

    subscriptions: Callable[[Parts], bus.Subscriptions]
    answers: Callable[[Parts], Sequence[Answering]] = lambda _parts: ()
    timers: Callable[[Parts], Sequence[Timer]] = lambda _parts: ()
    loops: Callable[[Parts], Sequence[Callable[[], Awaitable[None]]]] = lambda _parts: ()
    """Coroutines that run as long as the worker; one that ends or raises ends the worker."""


def run(service: str, settings: ServiceSettings, worker: Worker) -> None:
    """Work until SIGTERM or SIGINT."""
    keep_what_is_loaded()
    uvloop.run(_work(service, settings, worker))


async def _work(service: str, settings: ServiceSettings, worker: Worker) -> None:
    """Run until a signal comes or one of the pieces fails, then drain and end.

    The health port answers from the first moment, also while the database or NATS is away.
    """
    stopping = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stopping.set)
    reach = _Reach()
    listening = await health.serve(settings.health_host, settings.health_port, reach.readiness)
    log().info("worker_starts", health_port=listening.sockets[0].getsockname()[1])
    try:
        reach.pool = await _unless(stopping, open_pool_patiently(service, "worker", settings))
        broker = bus.create_broker(service, "worker", settings)
        if reach.pool is not None:
            reach.client = await _unless(stopping, bus.connect(broker))
        if reach.pool is not None and reach.client is not None:
            asks = Asks(reach.client)
            parts = Parts(settings=settings, pool=reach.pool, asks=asks, client=reach.client)
            await _run(stopping, broker, parts, (service, worker), reach)
    finally:
        listening.close()
        if reach.pool is not None:
            await close_pool(reach.pool)
        log().info("worker_stopped")


async def _run(
    stopping: asyncio.Event,
    broker: NatsBroker,
    parts: Parts,
    of: tuple[str, Worker],
    reach: _Reach,
) -> None:
    """Work until a signal comes, then finish the batch in hand."""
    try:
        async with asyncio.TaskGroup() as tasks:
            pulling = await _start(broker, parts, *of)
            puller = tasks.create_task(_excused(stopping, pulling.run()))
            loops = [_excused(stopping, _for_ever(loop)) for loop in _loops(parts, *of)]
            others = [tasks.create_task(loop) for loop in loops]
            reach.is_working = True
            log().info("worker_ready")
            await stopping.wait()
            reach.is_working = False
            pulling.stop()
            await asyncio.wait([puller], timeout=DRAIN_SECONDS)
            await _end([puller, *others], parts.pool)
    finally:
        bus.closing.by_ourselves = True
        await _leave(broker, parts.client)


async def _end(tasks: Iterable[asyncio.Task[None]], pool: Pool) -> None:
    """Cancel tasks, repeatedly; from a database that does not even hear that, they are cut off."""
    waiting = set(tasks)
    while waiting:
        for task in waiting:
            task.cancel()
        _, waiting = await asyncio.wait(waiting, timeout=CANCEL_SECONDS)
        if waiting:
            pool.terminate()


async def _excused(stopping: asyncio.Event, work: Awaitable[None]) -> None:
    """Do something that may lose the database once the worker has been told to stop."""
    try:
        await work
    except CONNECTION_GONE as error:
        if not stopping.is_set():
            raise
        log().warning("worker_leaves_without_database", error=describe(error))


async def _unless(stopping: asyncio.Event, work: Coroutine[Any, Any, Value]) -> Value | None:
    """Return what the work comes to; None if the process is told to stop before."""
    working, told = asyncio.create_task(work), asyncio.create_task(stopping.wait())
    await asyncio.wait([working, told], return_when=asyncio.FIRST_COMPLETED)
    told.cancel()
    if working.done():
        return working.result()
    bus.closing.by_ourselves = True
    while not working.done():
        working.cancel()
        await asyncio.wait([working], timeout=CANCEL_SECONDS)
    return None


async def _leave(broker: NatsBroker, client: Client) -> None:
    """Finish the asks in hand; while NATS is away there is nobody to say goodbye to."""
    try:
        async with asyncio.timeout(LEAVE_SECONDS):
            await broker.stop()
    except (TimeoutError, nats.errors.Error) as error:
        log().warning("worker_leaves_without_nats", error=describe(error))
        await client.close()


async def _start(broker: NatsBroker, parts: Parts, service: str, worker: Worker) -> bus.Puller:
    answer_asks(broker, service, worker.answers(parts))
    await broker.start()
    consumer = Consumer(parts.pool, worker.subscriptions(parts))
    return bus.Puller(parts.client, service, consumer.take)


def _loops(parts: Parts, service: str, worker: Worker) -> list[Callable[[], Awaitable[None]]]:
    relay = Relay(service, parts.pool, parts.client, parts.settings.database_url)
    timers = [*of_every_worker(parts.pool), *worker.timers(parts)]

    async def measure() -> None:
        await health.keep_measuring(parts.pool)

    ticks = [loop.run for loop in ticking(timers, parts.pool)]
    return [relay.run, measure, *worker.loops(parts), *ticks]


async def _for_ever(loop: Callable[[], Awaitable[None]]) -> None:
    await loop()
    raise RuntimeError(f"{loop.__qualname__} ended")

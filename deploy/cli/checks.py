"""Asks every part how it is, and decides what of it is a problem."""

import asyncio
from collections.abc import Mapping

import asyncpg
import httpx
import msgspec
from nats.aio.client import Client
from nats.js.errors import Error as JetStreamError

from deploy.cli.operator import Operator
from deploy.nats import permissions, streams
from deploy.postgres.roles import SERVICES

ASK_SECONDS = 3
OLDEST_SECONDS = 60
"""A fact that waits longer than this for the stream means that the relay stands still."""

BACKLOG = """
select
    (select count(*) from outbox where published_at is null),
    (
        select coalesce(extract(epoch from now() - min(recorded_at)), 0)::double precision
        from outbox where published_at is null
    ),
    (select count(*) from dead_letter where replayed_at is null)
"""


class ProcessState(msgspec.Struct, frozen=True):
    """How one process answers."""

    name: str
    is_ready: bool
    detail: str


class ServiceState(msgspec.Struct, frozen=True):
    """What one service has before it."""

    name: str
    unpublished: int
    """Facts in the outbox that are not in the stream yet."""
    oldest_seconds: float
    """How long the oldest of them has waited."""
    dead_letters: int
    pending: int
    """Facts in the stream that the service has not fetched yet."""
    unacknowledged: int
    redelivered: int


class State(msgspec.Struct, frozen=True):
    """How everything is."""

    problems: list[str]
    processes: list[ProcessState]
    services: list[ServiceState]


async def look(target: Operator) -> State:
    """Ask all processes, the database and the bus; what cannot be reached ends the command."""
    processes = await asyncio.gather(*(_ask(name, at) for name, at in target.health.items()))
    async with target.bus_as(permissions.PROVISIONER) as client:
        services = [await _service(target, client, name) for name in SERVICES]
    return State(_problems(processes, services), list(processes), services)


async def _ask(name: str, origin: str) -> ProcessState:
    try:
        async with httpx.AsyncClient(timeout=ASK_SECONDS, trust_env=False) as client:
            answer = await client.get(f"{origin}/readyz")
    except httpx.TransportError as error:
        return ProcessState(
            name, is_ready=False, detail=f"does not answer ({type(error).__name__})"
        )
    try:
        reached = msgspec.json.decode(answer.content, type=dict[str, bool])
    except msgspec.MsgspecError:
        reached = {}
    away = [what for what, is_there in reached.items() if not is_there]
    detail = f"cannot reach {', '.join(away)}" if away else "ready"
    return ProcessState(name, is_ready=answer.is_success and not away, detail=detail)


async def _service(target: Operator, client: Client, name: str) -> ServiceState:
    async with target.connected_as(f"{name}_app") as connection:
        try:
            backlog = await connection.fetchrow(BACKLOG)
        except asyncpg.UndefinedTableError:
            backlog = None
    unpublished, oldest_seconds, dead_letters = backlog or (0, 0.0, 0)
    waiting = await _waiting(client, name)
    return ServiceState(
        name=name,
        unpublished=unpublished,
        oldest_seconds=oldest_seconds,
        dead_letters=dead_letters,
        pending=waiting.get("pending", -1),
        unacknowledged=waiting.get("unacknowledged", -1),
        redelivered=waiting.get("redelivered", -1),
    )


async def _waiting(client: Client, name: str) -> Mapping[str, int]:
    """Return how much the service's durable holds; nothing if there is no such durable."""
    try:
        info = await client.jetstream().consumer_info(streams.FACTS, name)
    except (JetStreamError, TimeoutError):
        return {}
    return {
        "pending": info.num_pending or 0,
        "unacknowledged": info.num_ack_pending or 0,
        "redelivered": info.num_redelivered or 0,
    }


def _problems(
    processes: list[ProcessState] | tuple[ProcessState, ...], services: list[ServiceState]
) -> list[str]:
    problems = [f"{each.name} {each.detail}" for each in processes if not each.is_ready]
    for service in services:
        if service.oldest_seconds > OLDEST_SECONDS:
            waits = f"{service.oldest_seconds:.0f} s"
            problems.append(f"{service.name}: a fact has waited {waits} to be published")
        if service.dead_letters:
            letters = f"`ehrensache dead-letters list --service {service.name}`"
            problems.append(f"{service.name}: {service.dead_letters} dead letters; see {letters}")
        if service.pending < 0:
            problems.append(f"{service.name}: it hears no facts; run `ehrensache provision`")
    return problems

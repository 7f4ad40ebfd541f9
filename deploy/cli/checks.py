"""Asks every part how it is, and decides what of it is a problem."""

import asyncio

import asyncpg
import httpx
import msgspec

from deploy.cli import lag
from deploy.cli.lag import Lag
from deploy.cli.operator import Operator, Unreachable
from deploy.nats import permissions, streams
from deploy.postgres.roles import SERVICES

ASK_SECONDS = 3
OLDEST_SECONDS = 60
"""What waits longer than this stands still: for the stream, for a service, for the mail server."""
UNKNOWN = -1
"""Where a server could not be asked."""

BACKLOG = """
select
    (select count(*) from outbox where published_at is null),
    (
        select coalesce(extract(epoch from now() - min(recorded_at)), 0)::double precision
        from outbox where published_at is null
    ),
    (select count(*) from dead_letter where replayed_at is null and dismissed_at is null),
    (select count(*) from dead_letter where dismissed_at is not null)
"""
MAILS = """
select
    count(*) filter (where state in ('queued', 'retry', 'claimed', 'data_started')) as waiting,
    count(*) filter (where state = 'failed') as failed,
    (select trouble from sending_control) as trouble,
    (select paused_at is not null from sending_control) as is_paused
from message
where channel = 'mail'
"""


class ProcessState(msgspec.Struct, frozen=True):
    """How one process answers."""

    name: str
    is_ready: bool
    detail: str


class ServiceState(msgspec.Struct, frozen=True):
    """What one service has before it; -1 where a server could not be asked."""

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
    pending_seconds: float
    """How long the oldest fact has waited that is pending or not acknowledged."""
    dismissed: int = 0
    """Dead letters that a person has closed without replaying them, in the last year."""


class PartnerState(msgspec.Struct, frozen=True):
    """What a partner has published that events has not worked on."""

    stream: str
    pending: int
    pending_seconds: float


class MailState(msgspec.Struct, frozen=True):
    """How sending goes."""

    waiting: int
    failed: int
    """Mails that were given up on; the console names them, and they can become letters."""
    trouble: str
    """Why no mail goes out at all; empty if they do."""
    is_paused: bool


class State(msgspec.Struct, frozen=True):
    """How everything is."""

    problems: list[str]
    processes: list[ProcessState]
    services: list[ServiceState]
    partners: list[PartnerState]
    mails: MailState | None
    """None where the database could not be asked."""


async def look(target: Operator) -> State:
    """Ask all processes, the database and the bus; what cannot be reached is a problem."""
    processes = await asyncio.gather(*(_ask(name, at) for name, at in target.health.items()))
    away: dict[str, None] = {}
    lags: dict[str, Lag | None] = {}
    partners: list[PartnerState] = []
    try:
        async with target.reaching_bus(permissions.PROVISIONER) as client:
            lags = {name: await lag.of_durable(client, streams.FACTS, name) for name in SERVICES}
            partners = [
                PartnerState(stream, found.pending, found.oldest_seconds)
                for stream, found in (await lag.of_partners(client)).items()
            ]
    except Unreachable as error:
        away[str(error)] = None
    services, mails = await _databases(target, lags, away)
    problems = [*away, *problems_of(processes, services, partners, mails)]
    problems += [
        f"{name}: it hears no facts; run `ehrensache provision`"
        for name, found in lags.items()
        if found is None
    ]
    return State(problems, list(processes), services, partners, mails)


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
        return ProcessState(name, is_ready=False, detail=f"answers {answer.status_code}")
    is_working = reached.pop("working", True)
    away = [what for what, is_there in reached.items() if not is_there]
    detail = "ready" if is_working else "is starting or ending"
    if away:
        detail = f"cannot reach {', '.join(away)}"
    return ProcessState(name, is_ready=answer.is_success and not away, detail=detail)


async def _databases(
    target: Operator, lags: dict[str, Lag | None], away: dict[str, None]
) -> tuple[list[ServiceState], MailState | None]:
    services, mails = [], None
    for name in SERVICES:
        unpublished, oldest_seconds, letters, dismissed = UNKNOWN, 0.0, UNKNOWN, 0
        try:
            async with target.reaching_database(f"{name}_app") as connection:
                row = await connection.fetchrow(BACKLOG)
                unpublished, oldest_seconds, letters, dismissed = row or (0, 0.0, 0, 0)
                if name == "notifier":
                    row = await connection.fetchrow(MAILS)
                    mails = MailState(*row) if row else None
        except Unreachable as error:
            away[str(error)] = None
        except asyncpg.UndefinedTableError:
            away[f"{name}: its schema is not migrated; run `ehrensache migrate`"] = None
        heard = lags.get(name) or lag.NOTHING_KNOWN
        services.append(
            ServiceState(
                name=name,
                unpublished=unpublished,
                oldest_seconds=oldest_seconds,
                dead_letters=letters,
                pending=heard.pending,
                unacknowledged=heard.unacknowledged,
                redelivered=heard.redelivered,
                pending_seconds=heard.oldest_seconds,
                dismissed=dismissed,
            )
        )
    return services, mails


def problems_of(
    processes: list[ProcessState] | tuple[ProcessState, ...],
    services: list[ServiceState],
    partners: list[PartnerState],
    mails: MailState | None,
) -> list[str]:
    """Return a sentence for each thing that somebody has to look at."""
    problems = [f"{each.name} {each.detail}" for each in processes if not each.is_ready]
    for service in services:
        if service.oldest_seconds > OLDEST_SECONDS:
            waits = f"{service.oldest_seconds:.0f} s"
            problems.append(f"{service.name}: a fact has waited {waits} to be published")
        if service.pending_seconds > OLDEST_SECONDS:
            waits = f"{service.pending_seconds:.0f} s"
            problems.append(f"{service.name}: a fact has waited {waits} to be taken")
        if service.dead_letters > 0:
            letters = f"`ehrensache dead-letters list --service {service.name}`"
            problems.append(f"{service.name}: {service.dead_letters} dead letters; see {letters}")
    problems += [
        f"{each.stream}: an item has waited {each.pending_seconds:.0f} s to be taken"
        for each in partners
        if each.pending_seconds > OLDEST_SECONDS
    ]
    if mails and mails.trouble:
        problems.append(f"no mail goes out, {mails.waiting} wait: {mails.trouble}")
    if mails and mails.is_paused:
        problems.append(f"sending is paused in the console, {mails.waiting} mails wait")
    return problems

"""Asks every part how it is, and decides what of it is a problem."""

import asyncio
from collections.abc import Mapping
from datetime import UTC, datetime

import asyncpg
import httpx
import msgspec
import nats.errors
from nats.js.errors import Error as JetStreamError

from deploy.backup import shelf
from deploy.cli import figures, host, lag, problems
from deploy.cli.figures import Database, Figure, Sending
from deploy.cli.lag import Lag
from deploy.cli.operator import Operator, Unreachable
from deploy.cli.state import (
    UNKNOWN,
    HostState,
    MailState,
    PartnerState,
    ProcessState,
    ServiceState,
    State,
    StreamState,
)
from deploy.nats import permissions, streams
from deploy.postgres.roles import OBSERVER, SERVICES

ASK_SECONDS = 3
OPEN_MAILS = ("queued", "retry", "claimed", "data_started")


class _Bus(msgspec.Struct, frozen=True):
    """What NATS has told; empty where it could not be asked."""

    lags: Mapping[str, Lag | None] = {}
    partners: list[PartnerState] = []
    streams: list[StreamState] = []
    away: str = ""


class _Stored(msgspec.Struct, frozen=True):
    """What PostgreSQL has told; empty where it could not be asked."""

    services: Mapping[str, list[Figure] | None] = {}
    sending: Sending | None = None
    database: Database | None = None
    away: str = ""


async def look(target: Operator) -> State:
    """Ask all processes, the database, the bus and the host; what is away is a problem."""
    processes, bus, stored, around = await asyncio.gather(
        asyncio.gather(*(_ask(name, at) for name, at in target.health.items())),
        _ask_bus(target),
        _ask_database(target),
        _look_around(target),
    )
    seen, silent = around
    seen = msgspec.structs.replace(seen, database=stored.database, nats_answers=not bus.away)
    services = [_service(name, bus, stored) for name in SERVICES]
    mails = _mails(services, stored.sending)
    found = [
        *filter(None, (bus.away, stored.away, silent)),
        *_unmade(bus, stored),
        *problems.of_processes(processes),
        *problems.of_services(services),
        *problems.of_partners(bus.partners),
        *problems.of_mails(mails),
        *problems.of_host(seen, bus.streams),
    ]
    return State(found, list(processes), services, bus.partners, mails, bus.streams, seen)


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


async def _ask_bus(target: Operator) -> _Bus:
    try:
        async with target.reaching_bus(permissions.OBSERVER) as client:
            lags = {name: await lag.of_durable(client, streams.FACTS, name) for name in SERVICES}
            partners = [
                PartnerState(stream, found.pending, found.oldest_seconds)
                for stream, found in (await lag.of_partners(client)).items()
            ]
            return _Bus(lags, partners, await lag.of_streams(client))
    except Unreachable as error:
        return _Bus(away=str(error))
    except (nats.errors.Error, JetStreamError, TimeoutError) as error:
        return _Bus(away=f"NATS at {target.nats_url} tells nothing ({type(error).__name__})")


async def _ask_database(target: Operator) -> _Stored:
    try:
        async with target.reaching_database(OBSERVER) as connection:
            known = {name: await figures.of_service(connection, name) for name in SERVICES}
            is_migrated = known["notifier"] is not None
            return _Stored(
                known,
                await figures.of_sending(connection) if is_migrated else None,
                await figures.of_database(connection),
            )
    except Unreachable as error:
        return _Stored(away=str(error))
    except (asyncpg.PostgresError, asyncpg.InterfaceError, OSError, TimeoutError) as error:
        return _Stored(away=f"PostgreSQL at {target.postgres} tells nothing: {error}")


async def _look_around(target: Operator) -> tuple[HostState, str]:
    """Return what the host is like, and what could not be looked at."""
    detail = await host.nats_detail(target.nats_monitoring) if target.nats_monitoring else None
    left, silent = None, ""
    try:
        left = await host.certificate_seconds(target.public_url, target.certificate_at)
    except (OSError, TimeoutError) as error:
        silent = f"{target.certificate_at} shows no certificate ({type(error).__name__})"
    now, backups = datetime.now(UTC), target.backups
    return HostState(
        nats_detail=detail,
        volumes=host.free_parts(target.volumes),
        certificate_seconds=left,
        inner_certificate_seconds=await host.inner_certificate_seconds(target.encrypted),
        backup_seconds=shelf.newest_seconds(backups, now) if backups else None,
        restore_test_seconds=shelf.tried_seconds(backups, now) if backups else None,
    ), silent


def _service(name: str, bus: _Bus, stored: _Stored) -> ServiceState:
    known = stored.services.get(name)
    heard = bus.lags.get(name) or lag.NOTHING_KNOWN
    bare = ServiceState(
        name=name,
        unpublished=UNKNOWN,
        oldest_seconds=0.0,
        dead_letters=UNKNOWN,
        pending=heard.pending,
        unacknowledged=heard.unacknowledged,
        redelivered=heard.redelivered,
        pending_seconds=heard.oldest_seconds,
        figures=known or [],
    )
    if known is None:
        return bare
    return msgspec.structs.replace(
        bare,
        unpublished=int(bare.figure("outbox_unpublished")),
        oldest_seconds=bare.figure("outbox_oldest_seconds"),
        dead_letters=int(bare.figure("dead_letters_open")),
        dismissed=int(bare.figure("dead_letters_dismissed")),
    )


def _mails(services: list[ServiceState], sending: Sending | None) -> MailState | None:
    if sending is None:
        return None
    [notifier] = [service for service in services if service.name == "notifier"]
    by_state = notifier.labelled("mails_open")
    return MailState(
        waiting=int(sum(by_state.get(state, 0) for state in OPEN_MAILS)),
        failed=int(by_state.get("failed", 0)),
        trouble=sending.trouble,
        is_paused=sending.is_paused,
    )


def _unmade(bus: _Bus, stored: _Stored) -> list[str]:
    """Name the schemas and durables that a command has yet to make."""
    return [
        *(
            f"{name}: its schema is not migrated; run `ehrensache migrate`"
            for name, known in stored.services.items()
            if known is None
        ),
        *(
            f"{name}: it hears no facts; run `ehrensache provision`"
            for name, found in bus.lags.items()
            if found is None
        ),
    ]

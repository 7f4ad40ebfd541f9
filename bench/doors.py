"""Measures the doors: tickets are scanned one after the other at many devices."""

import asyncio
import time
from collections.abc import Sequence
from uuid import UUID, uuid4

import msgspec

from bench import concert
from bench.figures import Figure, percentile
from bench.load import Load, Result, as_json, fire
from bench.system import System
from services.recognition.honouring.commands.open_admission import OpenAdmission, open_admission
from services.recognition.honouring.tickets import sign_ticket, ticket_keys
from shared.auth import Role
from shared.database import Pool

GUESTS = 2_000
WARM_UP = 200
CONNECTIONS = 16
PATH = "/api/recognition/v1/check-ins"
PER_SECOND = 300
MILLISECONDS = 100


class Door(msgspec.Struct, frozen=True):
    """A concert whose guests stand before the doors."""

    honouring_event_id: UUID
    tickets: list[UUID]


async def measure(system: System) -> list[Figure]:
    """Return the rate of check-ins over HTTP, each of another ticket."""
    await concert.pause_mails(system)
    await system.make(
        "recognition",
        "create table bare_check_in (like check_in including defaults including indexes)",
    )
    async with system.pool("recognition") as pool:
        door = await _open_door(system, pool)
        requests = await _scans(system, door)
        await _scan(system, requests[:WARM_UP])
        before = system.cpu_seconds("recognition-api")
        result = await _scan(system, requests[WARM_UP:])
        cpu_ms = (system.cpu_seconds("recognition-api") - before) * 1_000 / result.count
        await _make_sure(pool, door)
        await system.make_ready()
        bare_rate, bare_milliseconds = await _scan_barely(pool, door)
    bound_is = "bare insert on conflict"
    return [
        Figure(
            what=f"check-ins, {CONNECTIONS} connections",
            value=result.rate,
            unit="/s",
            bound=bare_rate,
            bound_is=f"/s, {bound_is}",
            cpu_ms=cpu_ms,
            budget=f"≥ {PER_SECOND}/s",
            is_kept=result.rate >= PER_SECOND,
        ),
        Figure(
            what="check-ins, p99",
            value=result.p99,
            unit="ms",
            bound=percentile(bare_milliseconds, 0.99),
            bound_is=f"ms, {bound_is}",
            budget=f"≤ {MILLISECONDS} ms",
            is_kept=result.p99 <= MILLISECONDS,
        ),
    ]


async def _open_door(system: System, pool: Pool) -> Door:
    """Have every guest of a concert accept for one, with one statement each."""
    hall = await concert.selected(system, pool, GUESTS, GUESTS)
    await concert.invite(pool, hall)
    event_id = hall.honouring_event_id
    async with pool.acquire() as connection, connection.transaction():
        await open_admission(connection, OpenAdmission(honouring_event_id=event_id))
        await connection.execute(
            "update invitation set state = 'accepted', seats = 1, version = version + 1,"
            " answered_at = now(), answered_via = 'link' where honouring_event_id = $1",
            event_id,
        )
        await connection.execute(
            "update place_balance set volunteer_taken = $2, standard_taken = $2"
            " where honouring_event_id = $1",
            event_id,
            GUESTS,
        )
        rows = await connection.fetch(
            """
            insert into ticket (
                invitation_id, honouring_event_id, holder_name, admission, short_code
            )
            select
                invitation_id, honouring_event_id, 'Gast', 'standard',
                lpad(row_number() over ()::text, 8, '0')
            from invitation where honouring_event_id = $1
            returning ticket_id
            """,
            event_id,
        )
    await system.make_ready()
    return Door(event_id, [row[0] for row in rows])


async def _scans(system: System, door: Door) -> list[bytes]:
    """Return the request by which each ticket is scanned."""
    keys = ticket_keys((system.stack.layout.secrets / "ticket.key").read_text())
    headers = await system.staff(Role.DOOR, system.port("recognition-api"), "/tuer")
    return [
        as_json(
            {
                "scan_id": uuid4(),
                "honouring_event_id": door.honouring_event_id,
                "door": "Eingang Ost",
                "device": "bench",
                "shown": sign_ticket(keys, door.honouring_event_id, ticket_id),
            },
            PATH,
            headers,
        )
        for ticket_id in door.tickets
    ]


async def _scan(system: System, requests: Sequence[bytes]) -> Result:
    load = Load(port=system.port("recognition-api"), requests=requests, connections=CONNECTIONS)
    return (await fire(load)).demand(200)


async def _make_sure(pool: Pool, door: Door) -> None:
    admitted = await pool.fetchval(
        "select count(*) from check_in where honouring_event_id = $1 and result = 'admitted'",
        door.honouring_event_id,
    )
    if admitted != GUESTS:
        raise RuntimeError(f"{admitted} of {GUESTS} tickets were admitted")


async def _scan_barely(pool: Pool, door: Door) -> tuple[float, list[float]]:
    """Store the same scans with nothing but the insert, on as many tasks."""
    tickets = iter(door.tickets)
    milliseconds: list[float] = []

    async def device() -> None:
        for ticket_id in tickets:
            began = time.perf_counter()
            await pool.execute(
                """
                insert into bare_check_in (
                    scan_id, ticket_id, honouring_event_id, door, device, entered_at, result
                )
                values ($1, $2, $3, 'Eingang Ost', 'bench', now(), 'admitted')
                on conflict do nothing
                """,
                uuid4(),
                ticket_id,
                door.honouring_event_id,
            )
            milliseconds.append((time.perf_counter() - began) * 1_000)

    began = time.perf_counter()
    await asyncio.gather(*(device() for _ in range(CONNECTIONS)))
    return GUESTS / (time.perf_counter() - began), milliseconds

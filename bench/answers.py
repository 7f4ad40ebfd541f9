"""Measures the rush for a hot concert: many guests answer at the same moment over HTTP."""

import asyncio
import time
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

from bench import concert
from bench.figures import Figure, percentile
from bench.load import Load, Result, as_json, fire
from bench.system import System
from services.recognition.honouring.links import mint_token
from services.recognition.honouring.store import links
from services.recognition.honouring.store.links import Secret
from shared.database import Pool, transaction
from shared.web.tokens import hash_token

GUESTS = 3_000
SEATS = 1_500
WARM_UP = 200
CONNECTIONS = 32
PATH = "/api/recognition/v1/answers"
PER_SECOND = 300
MILLISECONDS = 250

BARE_TABLES = (
    """create table bare_balance (
        event_id uuid primary key, taken integer not null, capacity integer not null,
        check (taken between 0 and capacity)
    )""",
    "create table bare_answer (like answer_history including defaults including indexes)",
    "create table bare_outbox (like outbox including all)",
)


async def measure(system: System) -> list[Figure]:
    """Return the rate of answers on one concert, and whether exactly its seats were given."""
    await concert.pause_mails(system)
    await system.make("recognition", *BARE_TABLES)
    async with system.pool("recognition") as pool:
        await _rush(system, pool, WARM_UP, WARM_UP)
        hot, result, cpu_ms = await _rush(system, pool, GUESTS, SEATS)
        seated = await _seated(pool, hot)
        await system.make_ready()
        bare_rate, bare_milliseconds = await _rush_barely(pool)
    bound_is = "bare SQL"
    return [
        Figure(
            what=f"{GUESTS:,} answers for {SEATS:,} places: places given",
            value=seated,
            unit="places",
            budget=f"= {SEATS:,}",
            is_kept=seated == SEATS,
        ),
        Figure(
            what=f"answers on one hot concert, {CONNECTIONS} connections",
            value=result.rate,
            unit="/s",
            bound=bare_rate,
            bound_is=f"/s, {bound_is}",
            cpu_ms=cpu_ms,
            budget=f"≥ {PER_SECOND}/s",
            is_kept=result.rate >= PER_SECOND,
        ),
        Figure(
            what="answers on one hot concert, p99",
            value=result.p99,
            unit="ms",
            bound=percentile(bare_milliseconds, 0.99),
            bound_is=f"ms, {bound_is}",
            budget=f"≤ {MILLISECONDS} ms",
            is_kept=result.p99 <= MILLISECONDS,
        ),
    ]


async def _rush(system: System, pool: Pool, guests: int, seats: int) -> tuple[UUID, Result, float]:
    """Have all guests answer; returns the concert, what they were told, and CPU for each."""
    hall = await concert.selected(system, pool, guests, seats)
    requests = await _answers(pool, await concert.invite(pool, hall))
    await system.make_ready()
    before = system.cpu_seconds("recognition-api")
    load = Load(port=system.port("recognition-api"), requests=requests, connections=CONNECTIONS)
    result = (await fire(load)).demand(200)
    cpu_ms = (system.cpu_seconds("recognition-api") - before) * 1_000 / guests
    return hall.honouring_event_id, result, cpu_ms


async def _answers(pool: Pool, invitations: Sequence[UUID]) -> list[bytes]:
    """Give each invitation a link and return the request by which its guest says yes."""
    tokens = [mint_token() for _ in invitations]
    expires_at = datetime.now(UTC) + timedelta(days=1)
    async with transaction(pool) as opened:
        await links.keep(
            opened,
            [
                Secret(invitation_id, "invitation", hash_token(token), expires_at)
                for invitation_id, token in zip(invitations, tokens, strict=True)
            ],
        )
    return [
        as_json(
            {"token": token, "coming": True, "seats": 1 + number % 2},
            PATH,
            {"Idempotency-Key": uuid4().hex},
        )
        for number, token in enumerate(tokens)
    ]


async def _seated(pool: Pool, event_id: UUID) -> int:
    """Count the seats that guests hold, and make sure that balance and tickets say the same."""
    counts = await pool.fetchrow(
        """
        select
            (select sum(seats) from invitation
             where honouring_event_id = $1 and state in ('accepted', 'offered')) as seated,
            (select standard_taken from place_balance where honouring_event_id = $1) as taken,
            (select count(*) from ticket
             where honouring_event_id = $1 and cancelled_at is null) as tickets
        """,
        event_id,
    )
    if counts is None or len(set(counts.values())) != 1:
        raise RuntimeError(f"the concert's books do not agree: {counts}")
    return int(counts["seated"])


async def _rush_barely(pool: Pool) -> tuple[float, list[float]]:
    """Do with bare SQL what an answer must do, on as many database connections."""
    event_id = uuid4()
    await pool.execute("insert into bare_balance values ($1, 0, $2)", event_id, SEATS)
    waiting = iter([uuid4() for _ in range(GUESTS)])
    milliseconds: list[float] = []

    async def guest() -> None:
        for invitation_id in waiting:
            began = time.perf_counter()
            await _answer_barely(pool, event_id, invitation_id)
            milliseconds.append((time.perf_counter() - began) * 1_000)

    began = time.perf_counter()
    await asyncio.gather(*(guest() for _ in range(CONNECTIONS)))
    rate = GUESTS / (time.perf_counter() - began)
    if await pool.fetchval("select taken from bare_balance") != SEATS:
        raise RuntimeError("the bare SQL has not given exactly the places")
    return rate, milliseconds


async def _answer_barely(pool: Pool, event_id: UUID, invitation_id: UUID) -> None:
    async with pool.acquire() as connection, connection.transaction():
        await connection.execute(
            """
            insert into bare_answer (
                invitation_id, version, state, seats, needs_wheelchair, with_access_companion,
                companion_name, answered_via, answered_by
            )
            values ($1, 2, 'accepted', 1, false, false, '', 'link', 'guest')
            """,
            invitation_id,
        )
        await connection.execute(
            """
            insert into bare_outbox (
                fact_id, subject, aggregate_id, aggregate_version, traceparent, body
            )
            values (uuidv7(), 'facts.bare', $1, 2, '', '{"seats": 1}')
            """,
            invitation_id,
        )
        has_place = await connection.fetchval(
            "update bare_balance set taken = taken + 1 where event_id = $1 and taken < capacity"
            " returning true",
            event_id,
        )
        if not has_place:
            await connection.execute(
                "update bare_answer set state = 'waitlisted' where invitation_id = $1",
                invitation_id,
            )

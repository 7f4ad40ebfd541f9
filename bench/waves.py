"""Measures how long five thousand invitations take until every one stands in the ledger."""

import time
from uuid import uuid4

from bench import concert
from bench.figures import Figure
from bench.system import System, until
from shared.database import Pool, transaction

GUESTS = 5_000
SECONDS = 5
BARE_TABLES = (
    "create table bare_invitation (like invitation including defaults including indexes)",
    "create table bare_wave_outbox (like outbox including all)",
)
BARE_LEDGER = "create table bare_message (like message including all)"


async def measure(system: System) -> list[Figure]:
    """Return how long a wave takes in recognition, and until notifier has queued and sorted it."""
    await concert.pause_mails(system)
    await system.make("recognition", *BARE_TABLES)
    await system.make("notifier", BARE_LEDGER)
    async with system.pool("recognition") as pool, system.pool("notifier", size=2) as notifier:
        hall = await concert.selected(system, pool, GUESTS, GUESTS)
        await system.make_ready()
        began = time.perf_counter()
        await concert.invite(pool, hall)
        sent = time.perf_counter() - began

        async def is_queued() -> bool:
            queued: int = await notifier.fetchval(
                "select count(*) from message where honouring_event_id = $1"
                " and (channel is not null or state <> 'queued')",
                hall.honouring_event_id,
            )
            return queued == GUESTS

        await until(is_queued, "the invitations do not reach the ledger")
        queued = time.perf_counter() - began
        bare = await _queue_barely(pool, notifier)
    return [
        Figure(what=f"wave of {GUESTS:,}: sent, with its facts", value=sent, unit="s"),
        Figure(
            what=f"wave of {GUESTS:,}: every message queued as mail or letter",
            value=queued,
            unit="s",
            bound=bare,
            bound_is="s, the same rows in bare SQL",
            budget=f"≤ {SECONDS} s",
            is_kept=queued <= SECONDS,
        ),
    ]


async def _queue_barely(pool: Pool, notifier: Pool) -> float:
    """Write invitations, facts and messages with one statement each, without a bus in between."""
    began = time.perf_counter()
    async with transaction(pool) as opened:
        await opened.execute(
            """
            insert into bare_invitation (
                honouring_event_id, invitation_wave_id, person_id, category, most_seats
            )
            select $1, $1, gen_random_uuid(), 'volunteer', 2 from generate_series(1, $2)
            """,
            uuid4(),
            GUESTS,
        )
        await opened.execute(
            """
            insert into bare_wave_outbox (
                fact_id, subject, aggregate_id, aggregate_version, traceparent, body
            )
            select uuidv7(), 'facts.bare', invitation_id, 1, '', convert_to(
                json_build_object('invitation_id', invitation_id, 'person_id', person_id)::text,
                'utf-8'
            )
            from bare_invitation
            """
        )
    async with transaction(notifier) as opened:
        await opened.execute(
            """
            insert into bare_message (
                dedupe_key, purpose, invitation_id, invitation_version, honouring_event_id,
                person_id, is_bulk, channel
            )
            select number, 'invitation', gen_random_uuid(), 1, $1, gen_random_uuid(), true, 'mail'
            from generate_series(1, $2) as number
            """,
            uuid4(),
            GUESTS,
        )
    return time.perf_counter() - began

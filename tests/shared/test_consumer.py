"""A batch becomes one transaction, and nothing that fails is lost."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from uuid import UUID, uuid4

import pytest
from nats.aio.client import Client
from structlog.testing import capture_logs

from shared import dead_letters, outbox
from shared.broker import Puller, Subscriptions
from shared.consumer import RETRY_SECONDS, Consumer
from shared.contracts.registry import PersonChanged, PersonRegistered
from shared.database import Connection, Pool
from shared.database import transaction as begin
from shared.relay import Relay
from shared.telemetry import current_traceparent, new_traceparent, trace_id, tracing
from tests.conftest import Bus, Database
from tests.waiting import until


class Ears:
    """Remembers in the database what a handler was given, and fails when it is told to."""

    def __init__(self, *, silent: bool = False, traced: bool = False) -> None:
        self.calls: list[list[UUID]] = []
        self.traces: list[str] = []
        self.poison: set[UUID] = set()
        self.endless: set[UUID] = set()
        self.heard = Subscriptions("registry")
        self.heard.on(PersonRegistered, PersonChanged, silent=silent, traced=traced)(self.hear)

    async def hear(
        self,
        transaction: Connection,
        facts: Sequence[PersonRegistered | PersonChanged],
        traceparents: Sequence[str] = (),
    ) -> None:
        self.calls.append([fact.person_id for fact in facts])
        self.traces += traceparents or [current_traceparent()]
        for fact in facts:
            if fact.person_id in self.poison:
                raise LookupError("no such thing")
            if fact.person_id in self.endless:
                await transaction.execute("set local statement_timeout = '10ms'")
                await transaction.execute("select pg_sleep(60)")
            await transaction.execute(
                "insert into effect values ($1, $2)", fact.person_id, fact.version
            )


@pytest.fixture(scope="module", autouse=True)
async def effects(database: Database) -> None:
    """A table in which a second effect of the same fact would show."""
    async with database.postgres.server_connection(database.name) as superuser:
        await superuser.execute("create table registry.effect (person_id uuid, version integer)")
        await superuser.execute("grant select, insert on registry.effect to registry_app")


@pytest.fixture
async def client(nats: Bus) -> AsyncIterator[Client]:
    async with nats.client("registry") as opened:
        yield opened


@asynccontextmanager
async def listening(
    nats: Bus, pool: Pool, ears: Ears, retry_seconds: Sequence[float] = RETRY_SECONDS
) -> AsyncIterator[None]:
    """Consume as registry's worker does."""
    async with nats.client("registry") as client:
        puller = Puller(client, "registry", Consumer(pool, ears.heard, retry_seconds).take)
        pulling = asyncio.create_task(puller.run())
        yield
        puller.stop()
        await pulling


async def say(pool: Pool, client: Client, *facts: PersonRegistered | PersonChanged) -> None:
    """Record facts and publish them as the relay does."""
    async with begin(pool) as opened:
        await outbox.record(opened, *facts)
    relay = Relay("registry", pool, client, "")
    while await relay.publish_some():
        pass


async def effects_of(pool: Pool, person_id: UUID) -> int:
    return int(await pool.fetchval("select count(*) from effect where person_id = $1", person_id))


async def test_a_batch_reaches_its_handler_together_and_in_order(
    nats: Bus, pool: Pool, client: Client
) -> None:
    ears = Ears()
    people = [uuid4() for _ in range(200)]

    await say(pool, client, *(PersonRegistered(person_id=one, version=1) for one in people))
    async with listening(nats, pool, ears):
        await until(lambda: sum(map(len, ears.calls)) == len(people))

    assert [one for call in ears.calls for one in call] == people
    assert len(ears.calls) < 10


async def click(pool: Pool, client: Client, person_id: UUID) -> str:
    """Say something on a trace of its own, which is returned."""
    with tracing(new_traceparent()) as trace:
        await say(pool, client, PersonRegistered(person_id=person_id, version=1))
    return trace


async def test_what_follows_from_a_fact_is_on_its_trace(
    nats: Bus, pool: Pool, client: Client
) -> None:
    ears = Ears()
    people = [uuid4(), uuid4()]
    traces = [await click(pool, client, one) for one in people]

    async with listening(nats, pool, ears):
        await until(lambda: len(ears.calls) == len(people))

    assert ears.calls == [[one] for one in people]
    assert ears.traces == traces


async def test_who_records_nothing_takes_the_facts_of_many_traces_together(
    nats: Bus, pool: Pool, client: Client
) -> None:
    ears = Ears(silent=True)
    people = [uuid4() for _ in range(20)]
    for one in people:
        await click(pool, client, one)

    async with listening(nats, pool, ears):
        await until(lambda: sum(map(len, ears.calls)) == len(people))

    assert [one for call in ears.calls for one in call] == people
    assert len(ears.calls) < len(people)


async def test_who_keeps_traces_is_told_each_of_them_and_takes_their_facts_together(
    nats: Bus, pool: Pool, client: Client
) -> None:
    ears = Ears(traced=True)
    people = [uuid4() for _ in range(20)]
    traces = [await click(pool, client, one) for one in people]

    async with listening(nats, pool, ears):
        await until(lambda: sum(map(len, ears.calls)) == len(people))

    assert [one for call in ears.calls for one in call] == people
    assert ears.traces == traces
    assert len(ears.calls) < len(people)


async def test_facts_that_come_one_at_a_time_are_not_held_back(
    nats: Bus, pool: Pool, client: Client
) -> None:
    """A fetch that loses a lone message shows it again only after ack_wait, 30 seconds later."""
    ears = Ears()
    people = [uuid4() for _ in range(150)]

    async with listening(nats, pool, ears):
        for one in people:
            await say(pool, client, PersonRegistered(person_id=one, version=1))
        await until(lambda: sum(map(len, ears.calls)) == len(people), seconds=15)

    assert [one for call in ears.calls for one in call] == people


async def test_a_fact_that_comes_twice_has_its_effect_once(
    nats: Bus, pool: Pool, client: Client
) -> None:
    ears = Ears()
    person_id, marker = uuid4(), uuid4()
    await say(pool, client, PersonRegistered(person_id=person_id, version=1))
    async with listening(nats, pool, ears):
        await until(lambda: ears.calls)
        [(subject, headers, body)] = [
            (row["subject"], row["fact_id"], row["body"])
            for row in await pool.fetch("select * from outbox where aggregate_id = $1", person_id)
        ]
        again = {
            "ce-id": str(headers),
            "ce-subject": str(person_id),
            "ce-time": "2027-01-01T00:00:00Z",
        }

        await client.jetstream().publish(subject, body, headers=again)
        await say(pool, client, PersonRegistered(person_id=marker, version=1))
        await until(lambda: [marker] in ears.calls)

    assert await effects_of(pool, person_id) == 1


async def test_one_poisonous_fact_holds_up_no_other(nats: Bus, pool: Pool, client: Client) -> None:
    ears = Ears()
    bad, good = uuid4(), [uuid4() for _ in range(20)]
    ears.poison = {bad}

    await say(
        pool,
        client,
        *(PersonRegistered(person_id=one, version=1) for one in [*good[:10], bad, *good[10:]]),
    )
    async with listening(nats, pool, ears):
        await until(lambda: all([one] in ears.calls for one in good))

    assert [await effects_of(pool, one) for one in good] == [1] * len(good)
    assert await effects_of(pool, bad) == 0


async def test_a_fact_whose_statement_takes_too_long_holds_up_no_other(
    nats: Bus, pool: Pool, client: Client
) -> None:
    ears = Ears()
    endless, good = uuid4(), [uuid4() for _ in range(5)]
    ears.endless = {endless}

    await say(
        pool, client, *(PersonRegistered(person_id=one, version=1) for one in [endless, *good])
    )
    async with listening(nats, pool, ears):
        await until(lambda: all([one] in ears.calls for one in good))
        ears.endless = set()
        await until(lambda: effects_of(pool, endless))

    assert [await effects_of(pool, one) for one in good] == [1] * len(good)


async def test_a_fact_that_failed_is_tried_again_after_a_second(
    nats: Bus, pool: Pool, client: Client
) -> None:
    ears = Ears()
    person_id = uuid4()
    ears.poison = {person_id}
    await say(pool, client, PersonRegistered(person_id=person_id, version=1))
    async with listening(nats, pool, ears):
        await until(lambda: ears.calls)

        ears.poison = set()
        await until(lambda: effects_of(pool, person_id))

    assert await effects_of(pool, person_id) == 1


async def test_a_fact_that_fails_after_every_pause_becomes_a_dead_letter_with_its_reason(
    nats: Bus, pool: Pool, client: Client
) -> None:
    ears = Ears()
    person_id, marker = uuid4(), uuid4()
    ears.poison = {person_id}
    await pool.execute("delete from dead_letter")
    await say(pool, client, PersonRegistered(person_id=person_id, version=1))

    with capture_logs() as lines:
        async with listening(nats, pool, ears, [one / 1_000 for one in RETRY_SECONDS]):
            async with pool.acquire() as connection:
                letters = await until(lambda: dead_letters.open_letters(connection))
            await say(pool, client, PersonRegistered(person_id=marker, version=1))
            await until(lambda: [marker] in ears.calls)

    pauses = [line["retry_seconds"] for line in lines if line["event"] == "fact_failed"]
    assert pauses == [0.001, 0.005, 0.03, 0.12, 0.6, None]
    assert ears.calls.count([person_id]) == 6
    assert [(letter.deliveries, letter.reason) for letter in letters] == [(6, "LookupError")]
    assert await effects_of(pool, person_id) == 0


@pytest.mark.parametrize(
    ("headers", "body", "reason"),
    [
        ({}, b"{}", "header ce-id is missing"),
        ({"ce-id": "no-uuid"}, b"{}", "badly formed"),
        (None, b'{"version":1}', "person_id"),
        (None, b"[" * 100_00, "body"),
        (None, b"\xff\xfe", "body"),
    ],
)
async def test_what_is_no_fact_becomes_a_dead_letter_with_its_reason(
    nats: Bus,
    pool: Pool,
    client: Client,
    *,
    headers: dict[str, str] | None,
    body: bytes,
    reason: str,
) -> None:
    ears = Ears()
    fact_id = uuid4()
    sent = (
        headers
        if headers is not None
        else {"ce-id": str(fact_id), "ce-subject": str(fact_id), "ce-time": "2027-01-01T00:00:00Z"}
    )
    await pool.execute("delete from dead_letter")

    async with listening(nats, pool, ears):
        await client.jetstream().publish(PersonRegistered.subject, body, headers=sent or None)
        async with pool.acquire() as connection:
            letters = await until(lambda: dead_letters.open_letters(connection))

    assert reason in letters[0].reason
    assert letters[0].body == body
    assert [fact_id] not in ears.calls


async def test_the_log_has_a_line_by_which_each_trace_is_found(
    nats: Bus, pool: Pool, client: Client
) -> None:
    ears = Ears(silent=True)
    traces = [await click(pool, client, uuid4()) for _ in range(3)]

    with capture_logs() as lines:
        async with listening(nats, pool, ears):
            await until(lambda: sum(map(len, ears.calls)) == 3)

    taken = [line for line in lines if line["event"] == "facts_taken"]
    together = [line for line in taken if line["facts"] > 1]
    assert sum(line["facts"] for line in taken) == 3
    assert together
    assert all(line["subjects"] == [PersonRegistered.subject] for line in taken)
    assert {trace for line in together for trace in line["trace_ids"]} <= set(map(trace_id, traces))

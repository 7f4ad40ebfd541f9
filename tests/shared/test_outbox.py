"""The outbox keeps facts in order, with their transaction, until they are published."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest

from shared import outbox
from shared.contracts.registry import PersonChanged, PersonRegistered
from shared.database import Connection, Pool
from shared.database import transaction as begin
from shared.telemetry import tracing


async def test_facts_are_kept_in_the_order_in_which_they_were_recorded(
    transaction: Connection,
) -> None:
    person_id = uuid4()
    facts = [
        PersonRegistered(person_id=person_id, version=1),
        *(PersonChanged(person_id=person_id, version=number) for number in range(2, 300)),
    ]

    await outbox.record(transaction, *facts)

    kept = await outbox.claim_unpublished(transaction, 1_000)
    assert [fact.body for fact in kept] == [
        f'{{"version":{number},"person_id":"{person_id}"}}'.encode() for number in range(1, 300)
    ]
    assert {fact.aggregate_id for fact in kept} == {person_id}


async def test_a_fact_of_a_transaction_that_fails_was_never_recorded(pool: Pool) -> None:
    async def fail() -> None:
        async with begin(pool) as opened:
            await outbox.record(opened, PersonRegistered(person_id=uuid4(), version=1))
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await fail()

    async with begin(pool) as opened:
        assert await outbox.claim_unpublished(opened, 1) == []


async def test_a_fact_carries_the_trace_of_the_click_that_caused_it(
    transaction: Connection,
) -> None:
    traceparent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"

    with tracing(traceparent):
        await outbox.record(transaction, PersonRegistered(person_id=uuid4(), version=1))

    [kept] = await outbox.claim_unpublished(transaction, 1)
    assert kept.traceparent == traceparent


async def test_what_one_relay_holds_another_leaves_out(pool: Pool) -> None:
    async with begin(pool) as opened:
        await outbox.record(
            opened, *(PersonRegistered(person_id=uuid4(), version=1) for _ in range(3))
        )

    async with begin(pool) as first, begin(pool) as second:
        held = await outbox.claim_unpublished(first, 2)
        left = await outbox.claim_unpublished(second, 10)
        await outbox.mark_published(first, [fact.position for fact in held])
        await outbox.mark_published(second, [fact.position for fact in left])

    assert (len(held), len(left)) == (2, 1)
    async with begin(pool) as opened:
        assert await outbox.claim_unpublished(opened, 10) == []


async def test_published_facts_are_forgotten_after_thirty_days_and_not_before(
    transaction: Connection,
) -> None:
    await transaction.execute("delete from outbox")
    for age_days in (outbox.KEPT_DAYS + 1, outbox.KEPT_DAYS - 1):
        await outbox.record(transaction, PersonRegistered(person_id=uuid4(), version=1))
        await transaction.execute(
            "update outbox set published_at = $1 where published_at is null",
            datetime.now(UTC) - timedelta(days=age_days),
        )

    forgotten = await outbox.forget_published(transaction, 10)

    assert forgotten == 1
    assert await outbox.republish(transaction) == 1


async def test_a_fact_that_no_stream_would_take_is_refused_when_it_is_recorded(
    transaction: Connection,
) -> None:
    fact = PersonRegistered(person_id=uuid4(), version=1)

    with pytest.raises(ValueError, match="64 KB"):
        await outbox.record(transaction, *[_Huge(person_id=fact.person_id, version=1)])


class _Huge(PersonRegistered, frozen=True, kw_only=True):
    padding: str = "x" * 65_536

"""One service reads another's rows by id, or is told at once that it cannot."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from uuid import UUID, uuid4

import pytest

from shared import broker as wiring
from shared.answering import Answering, answer_asks
from shared.asks import AskFailed, Asks
from shared.contracts.registry import People, PersonDetails
from shared.settings import ServiceSettings
from tests.conftest import Bus

KNOWN = {uuid4() for _ in range(1_200)}


async def _people(ids: Sequence[UUID]) -> list[PersonDetails]:
    return [_person(one) for one in ids if one in KNOWN]


async def _broken(_ids: Sequence[UUID]) -> list[PersonDetails]:
    raise LookupError


def _person(person_id: UUID) -> PersonDetails:
    return PersonDetails(
        person_id=person_id,
        version=1,
        salutation="Frau",
        given_name="Änne" * 100,
        family_name="Müßig",
        email=None,
        street="Am Wehr 1",
        postal_code="01099",
        town="Elbstadt",
    )


@asynccontextmanager
async def answering(nats: Bus, read: Answering) -> AsyncIterator[None]:
    """Answer as registry's worker does."""
    settings = ServiceSettings(
        database_url="",
        nats_url=nats.server.url,
        nats_credentials=nats.credentials("registry"),
        public_url="",
        staff_token_public_key="",
    )
    wiring.closing.by_ourselves = True
    broker = wiring.create_broker("registry", "test", settings)
    answer_asks(broker, "registry", [read])
    await broker.start()
    try:
        yield
    finally:
        await broker.stop()


async def test_more_rows_than_one_answer_holds_come_in_parts(nats: Bus) -> None:
    async with answering(nats, Answering(People, _people)), nats.client("notifier") as client:
        rows = await Asks(client)(People, [*KNOWN, uuid4()])

    assert {row.person_id for row in rows} == KNOWN
    assert rows[0].family_name == "Müßig"


async def test_an_ask_that_nobody_answers_fails_at_once(nats: Bus) -> None:
    async with nats.client("notifier") as client:
        with pytest.raises(AskFailed, match=People.subject):
            await Asks(client)(People, [uuid4()])


async def test_an_owner_that_cannot_read_says_so(nats: Bus) -> None:
    async with answering(nats, Answering(People, _broken)), nats.client("notifier") as client:
        with pytest.raises(AskFailed, match="LookupError"):
            await Asks(client)(People, [uuid4()])


async def test_a_malformed_ask_is_answered_with_its_reason(nats: Bus) -> None:
    async with answering(nats, Answering(People, _people)), nats.client("notifier") as client:
        reply = await client.request(People.subject, b'{"ids":["nobody"]}', timeout=5)

    assert b"malformed ask" in reply.data


async def test_without_a_connection_an_ask_fails_at_once() -> None:
    with pytest.raises(AskFailed, match="not reachable"):
        await Asks(None)(People, [uuid4()])

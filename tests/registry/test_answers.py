"""Other services learn from registry, by id, how to write to people and organisations."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from uuid import UUID, uuid4

import pytest

from services.registry.answers import answers
from shared import broker as wiring
from shared.answering import answer_asks
from shared.asks import Asks
from shared.contracts.registry import Organisations, People
from shared.database import Pool
from shared.settings import ServiceSettings
from tests.conftest import Bus
from tests.registry.lists import ROWING_CLUB, a_list, import_list, people


@asynccontextmanager
async def asking(nats: Bus, pool: Pool) -> AsyncIterator[Asks]:
    """Answer as registry's worker does, and ask as recognition does."""
    settings = ServiceSettings(
        database_url="",
        nats_url=nats.server.url,
        nats_credentials=nats.credentials("registry"),
        public_url="",
        staff_token_public_key="",
    )
    wiring.closing.by_ourselves = True
    broker = wiring.create_broker("registry", "test", settings)
    answer_asks(broker, "registry", answers(pool))
    await broker.start()
    async with nats.client("recognition") as client:
        yield Asks(client)
    await broker.stop()


@pytest.fixture(scope="module", autouse=True)
async def some_records(pool: Pool) -> None:
    await import_list(pool, "people", people(*range(1_200)))
    await import_list(pool, "organisations", a_list("organisations", ROWING_CLUB))


async def ids_of(pool: Pool, statement: str) -> list[UUID]:
    return [row[0] for row in await pool.fetch(statement)]


async def test_all_people_that_exist_are_answered_however_many(nats: Bus, pool: Pool) -> None:
    known = await ids_of(pool, "select person_id from person")
    async with asking(nats, pool) as ask:
        rows = await ask(People, [*known, uuid4()])

    assert {row.person_id for row in rows} == set(known)
    assert (rows[0].given_name, rows[0].town, rows[0].version) == ("Änne", "Dresden", 1)


async def test_an_organisation_is_answered_with_its_contact(nats: Bus, pool: Pool) -> None:
    known = await ids_of(pool, "select organisation_id from organisation")
    async with asking(nats, pool) as ask:
        (row,) = await ask(Organisations, known)

    assert (row.name, row.field, row.contact_name) == ("Ruderclub Elbe", "sport", "Uwe Muster")

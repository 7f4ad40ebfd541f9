"""Engagements are imported once the people and organisations that they refer to are there."""

from decimal import Decimal

import msgspec

from services.registry.engagements import store
from services.registry.imports.store import findings
from shared.contracts.registry import EngagementChanged, EngagementRegistered
from shared.database import Pool
from tests.registry.lists import ROWING_CLUB, a_list, figures, import_list, people

COACH = "E-1;P-000001;V-1;Jugendtrainerin;3,5;01.03.2015;"


async def import_all(pool: Pool) -> None:
    await import_list(pool, "organisations", a_list("organisations", ROWING_CLUB))
    await import_list(pool, "people", people(1, 2))


async def test_an_engagement_ties_a_person_to_an_organisation(pool: Pool) -> None:
    await import_all(pool)
    first = await import_list(pool, "engagements", a_list("engagements", COACH))
    second = await import_list(pool, "engagements", a_list("engagements", COACH))
    async with pool.acquire() as connection:
        engagement = (await store.known(connection, ["E-1"]))["E-1"]
        (line,) = await store.of_person(connection, engagement.person_id)
        body = await connection.fetchval(
            "select body from outbox where subject = $1", EngagementRegistered.subject
        )
    fact = msgspec.json.decode(body, type=EngagementRegistered)

    assert (figures(first), figures(second)) == ((1, 0, 0, 0), (0, 0, 1, 0))
    assert engagement.hours_per_week == Decimal("3.5")
    assert (line.organisation_name, line.is_current) == ("Ruderclub Elbe", True)
    assert (fact.person_id, fact.since_on) == (engagement.person_id, engagement.since_on)


async def test_an_engagement_that_ends_is_told(pool: Pool) -> None:
    await import_all(pool)
    await import_list(pool, "engagements", a_list("engagements", COACH))

    ended = await import_list(pool, "engagements", a_list("engagements", COACH + "31.12.2020"))
    body = await pool.fetchval(
        "select body from outbox where subject = $1", EngagementChanged.subject
    )
    fact = msgspec.json.decode(body, type=EngagementChanged)

    assert figures(ended) == (0, 1, 0, 0)
    assert (fact.version, str(fact.until_on)) == (2, "2020-12-31")


async def test_an_engagement_of_somebody_unknown_is_rejected_with_the_column(pool: Pool) -> None:
    refused = await import_list(
        pool,
        "engagements",
        a_list("engagements", "E-2;P-9;V-1;;;;", "E-3;P-000001;V-9;;;;", "E-4;P-000001;V-1;;;;"),
        is_dry_run=True,
    )
    async with pool.acquire() as connection:
        told = await findings.listed(connection, refused.import_id, "rejected", 10)

    assert figures(refused) == (1, 0, 0, 2)
    assert [(each.line, each.column, each.value) for each in told] == [
        (2, "Personennummer", "P-9"),
        (3, "Vereinsnummer", "V-9"),
    ]


async def test_an_engagement_is_not_moved_to_another_person(pool: Pool) -> None:
    refused = await import_list(
        pool, "engagements", a_list("engagements", COACH.replace("P-000001", "P-000002"))
    )

    assert figures(refused) == (0, 0, 0, 1)
    assert refused.state == "refused"


async def test_a_row_that_contradicts_somebodys_edit_is_rejected(pool: Pool) -> None:
    await pool.execute(
        """
        update engagement set
            until_on = null, since_on = '2019-01-01', edited = '{"since_on": "2015-03-01"}'
        where source_number = 'E-1'
        """
    )
    refused = await import_list(pool, "engagements", a_list("engagements", COACH + "31.12.2018"))
    async with pool.acquire() as connection:
        (told,) = await findings.listed(connection, refused.import_id, None, 10)

    assert (told.severity, told.reason) == ("rejected", "Das Ende liegt vor dem Beginn.")

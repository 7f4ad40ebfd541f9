"""Recognition knows the people, associations and engagements that registry tells about."""

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from datetime import date
from typing import Any
from uuid import UUID, uuid4

import msgspec

from services.recognition.honouring.store import known
from services.recognition.subscriptions import subscriptions
from shared.broker import Handler
from shared.contracts.fact import Fact
from shared.contracts.registry import (
    EngagementChanged,
    EngagementRegistered,
    OrganisationRegistered,
    PersonChanged,
    PersonDetails,
    PersonRegistered,
)
from shared.database import Connection
from tests.conftest import Bus
from tests.recognition.registry import Registry, asking, organisation, person

IDS = ("engagement_id", "person_id", "organisation_id")


class Hearing:
    """Hands facts to recognition's own handlers, in the order in which they come."""

    def __init__(self, heard: Mapping[str, Handler], transaction: Connection) -> None:
        self._handlers = heard
        self._transaction = transaction

    async def hear(self, *facts: Fact) -> None:
        """Take these facts, all of one kind's handler, as one run."""
        await self._handlers[facts[0].subject](self._transaction, facts)


@asynccontextmanager
async def hearing(nats: Bus, registry: Registry, opened: Connection) -> AsyncIterator[Hearing]:
    """Subscribe as recognition's worker does, and hand facts over directly."""
    async with asking(nats, registry) as asks:
        yield Hearing(subscriptions(asks).handlers, opened)


def told(details: Sequence[PersonDetails]) -> list[Fact]:
    return [PersonRegistered(person_id=one.person_id, version=one.version) for one in details]


async def engagements(transaction: Connection) -> list[tuple[UUID, int, date | None]]:
    rows = await transaction.fetch(
        "select engagement_id, version, until_on from known_engagement order by version"
    )
    return [tuple(row) for row in rows]


async def test_people_are_kept_with_names_and_whether_mail_reaches_them(
    nats: Bus, transaction: Connection
) -> None:
    registry = Registry()
    by_mail, by_letter = person(email="aenne@example.de"), person()
    registry.know(by_mail, by_letter)

    async with hearing(nats, registry, transaction) as recognition:
        await recognition.hear(*told([by_mail, by_letter]))

    kept = [await known.find_person(transaction, one.person_id) for one in (by_mail, by_letter)]
    assert [one.has_email for one in kept if one] == [True, False]


async def test_thousands_of_people_come_in_parts(nats: Bus, transaction: Connection) -> None:
    registry = Registry()
    crowd = [person() for _ in range(1_200)]
    registry.know(*crowd)

    async with hearing(nats, registry, transaction) as recognition:
        await recognition.hear(*told(crowd))

    assert await transaction.fetchval("select count(*) from known_person") == 1_200


async def test_an_older_version_does_not_overwrite_a_newer_one(
    nats: Bus, transaction: Connection
) -> None:
    registry = Registry()
    now = person(version=3, given_name="Neu")
    registry.know(now)
    async with hearing(nats, registry, transaction) as recognition:
        await recognition.hear(PersonChanged(person_id=now.person_id, version=3))
        registry.know(msgspec.structs.replace(now, version=2, given_name="Alt"))
        await recognition.hear(PersonChanged(person_id=now.person_id, version=2))

    kept = await known.find_person(transaction, now.person_id)
    assert kept is not None
    assert kept.given_name == "Neu"


async def test_a_person_who_is_gone_by_now_is_left_out(nats: Bus, transaction: Connection) -> None:
    async with hearing(nats, Registry(), transaction) as recognition:
        await recognition.hear(PersonRegistered(person_id=uuid4(), version=1))

    assert await transaction.fetchval("select count(*) from known_person") == 0


async def test_an_association_is_known_by_its_name(nats: Bus, transaction: Connection) -> None:
    registry = Registry()
    choir = organisation()
    registry.know(choir)

    async with hearing(nats, registry, transaction) as recognition:
        await recognition.hear(
            OrganisationRegistered(organisation_id=choir.organisation_id, version=1)
        )

    assert await transaction.fetchval("select name from known_organisation") == "Chor am Elbhang"


async def test_an_engagement_that_ended_in_the_same_run_is_kept_as_ended(
    nats: Bus, transaction: Connection
) -> None:
    ids: dict[str, Any] = {name: uuid4() for name in IDS}
    async with hearing(nats, Registry(), transaction) as recognition:
        await recognition.hear(
            EngagementRegistered(version=1, **ids),
            EngagementChanged(version=2, until_on=date(2026, 6, 30), **ids),
        )

    assert await engagements(transaction) == [(ids["engagement_id"], 2, date(2026, 6, 30))]


async def test_a_late_fact_does_not_bring_an_ended_engagement_back(
    nats: Bus, transaction: Connection
) -> None:
    ids: dict[str, Any] = {name: uuid4() for name in IDS}
    async with hearing(nats, Registry(), transaction) as recognition:
        await recognition.hear(EngagementChanged(version=2, until_on=date(2026, 6, 30), **ids))
        await recognition.hear(EngagementRegistered(version=1, **ids))

    assert await engagements(transaction) == [(ids["engagement_id"], 2, date(2026, 6, 30))]

"""Stands in for registry on the bus: answers asks from what a test has put in."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from uuid import UUID, uuid4

import msgspec

from shared import broker as wiring
from shared.answering import Answering, answer_asks
from shared.asks import Asks
from shared.contracts.registry import (
    OrganisationDetails,
    Organisations,
    People,
    PersonDetails,
)
from shared.settings import ServiceSettings
from tests.conftest import Bus


def person(version: int = 1, given_name: str = "Änne", email: str | None = None) -> PersonDetails:
    return PersonDetails(
        person_id=uuid4(),
        version=version,
        salutation="Frau",
        given_name=given_name,
        family_name="Beispiel",
        email=email,
        street="Am Wehr 1",
        postal_code="01099",
        town="Elbstadt",
    )


def organisation(name: str = "Chor am Elbhang") -> OrganisationDetails:
    return OrganisationDetails(
        organisation_id=uuid4(),
        version=1,
        name=name,
        field="culture",
        district="Neustadt",
        email=None,
        contact_name="",
        street="",
        postal_code="",
        town="",
    )


class Registry:
    """The rows that registry would answer with; a test changes them as it likes."""

    def __init__(self) -> None:
        self.people: dict[UUID, PersonDetails] = {}
        self.organisations: dict[UUID, OrganisationDetails] = {}

    def know(self, *details: PersonDetails | OrganisationDetails) -> None:
        """Answer with these rows from now on."""
        for one in details:
            if isinstance(one, PersonDetails):
                self.people[one.person_id] = one
            else:
                self.organisations[one.organisation_id] = one

    async def read_people(self, ids: Sequence[UUID]) -> list[msgspec.Struct]:
        """Return the people with these ids."""
        return [self.people[one] for one in ids if one in self.people]

    async def read_organisations(self, ids: Sequence[UUID]) -> list[msgspec.Struct]:
        """Return the organisations with these ids."""
        return [self.organisations[one] for one in ids if one in self.organisations]


@asynccontextmanager
async def answering(nats: Bus, service: str, answers: Sequence[Answering]) -> AsyncIterator[None]:
    """Answer asks as a service's worker does."""
    settings = ServiceSettings(
        database_url="",
        nats_url=nats.server.url,
        nats_credentials=nats.credentials(service),
        public_url="",
        staff_token_public_key="",
    )
    wiring.closing.by_ourselves = True
    broker = wiring.create_broker(service, "test", settings)
    answer_asks(broker, service, answers)
    await broker.start()
    try:
        yield
    finally:
        await broker.stop()


@asynccontextmanager
async def asking(nats: Bus, registry: Registry) -> AsyncIterator[Asks]:
    """Let recognition ask this registry."""
    answers = [
        Answering(People, registry.read_people),
        Answering(Organisations, registry.read_organisations),
    ]
    async with answering(nats, "registry", answers), nats.client("recognition") as client:
        yield Asks(client)

"""The other services as notifier meets them: they answer asks over the real NATS."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Any
from uuid import UUID

import msgspec

from shared import broker as wiring
from shared.answering import Answering, answer_asks
from shared.asks import Asks
from shared.contracts.courses import (
    CourseParticipantDetails,
    CourseParticipants,
    CourseRegistrationDetails,
    CourseRegistrations,
    CourseRunDetails,
    CourseRuns,
)
from shared.contracts.events_reads import SubmissionDetails, Submissions
from shared.contracts.recognition import GuestDetails, Guests
from shared.contracts.recognition_reads import NominationDetails, Nominations
from shared.contracts.registry import (
    OrganisationDetails,
    Organisations,
    People,
    PersonDetails,
)
from shared.settings import ServiceSettings
from tests.conftest import Bus
from tests.notifier import builders


class Neighbours:
    """What the three services know."""

    def __init__(self) -> None:
        self.registrations: dict[UUID, CourseRegistrationDetails] = {}
        self.is_events_in_trouble = False
        self.submissions: dict[UUID, SubmissionDetails] = {}
        self.guests: dict[UUID, GuestDetails] = {}
        self.people: dict[UUID, PersonDetails] = {}
        self.nominations: dict[UUID, NominationDetails] = {}
        self.organisations: dict[UUID, OrganisationDetails] = {}
        self.asked: list[Sequence[UUID]] = []
        """The ids of every ask for guests, each of which makes new links."""
        self.asks = Asks(None)

    def know(self, guest: GuestDetails, **person: Any) -> GuestDetails:
        """Know a guest and the person behind the invitation."""
        self.guests[guest.invitation_id] = guest
        self.people.setdefault(
            guest.person_id,
            builders.person(
                person_id=guest.person_id,
                email=person.pop("email", f"{guest.invitation_id}@example.org"),
                **person,
            ),
        )
        return guest

    def know_association(
        self, nomination: NominationDetails, **association: Any
    ) -> NominationDetails:
        """Know a request for nominations and the association that it goes to."""
        self.nominations[nomination.nomination_request_id] = nomination
        self.organisations[nomination.organisation_id] = builders.association(
            organisation_id=nomination.organisation_id, **association
        )
        return nomination

    def change(self, guest: GuestDetails, **changes: Any) -> GuestDetails:
        """Know something else about a guest from now on."""
        changed: GuestDetails = msgspec.structs.replace(self.guests[guest.invitation_id], **changes)
        self.guests[guest.invitation_id] = changed
        return changed

    def enrol(self, told: CourseRegistrationDetails) -> CourseRegistrationDetails:
        """Know how a registration for a course stands."""
        self.registrations[told.course_registration_id] = told
        return told

    def submit(self, told: SubmissionDetails) -> SubmissionDetails:
        """Know how an association's event stands."""
        self.submissions[told.calendar_event_id] = told
        return told

    async def _submissions(self, ids: Sequence[UUID]) -> list[SubmissionDetails]:
        return [self.submissions[one] for one in ids if one in self.submissions]

    def _trouble(self) -> None:
        if self.is_events_in_trouble:
            raise RuntimeError("events is in trouble")

    async def _registrations(self, ids: Sequence[UUID]) -> list[CourseRegistrationDetails]:
        self._trouble()
        return [self.registrations[one] for one in ids if one in self.registrations]

    async def _participants(self, ids: Sequence[UUID]) -> list[CourseParticipantDetails]:
        self._trouble()
        return [
            CourseParticipantDetails(course_registration_id=one, name=self.registrations[one].name)
            for one in ids
            if one in self.registrations and self.registrations[one].state != "requested"
        ]

    async def _runs(self, ids: Sequence[UUID]) -> list[CourseRunDetails]:
        self._trouble()
        runs = {told.course_run_id: told for told in self.registrations.values()}
        return [
            CourseRunDetails(
                course_run_id=one,
                title=runs[one].title,
                starts_at=runs[one].sessions[0].starts_at,
                zone=runs[one].zone,
            )
            for one in ids
            if one in runs
        ]

    async def _guests(self, ids: Sequence[UUID]) -> list[GuestDetails]:
        self.asked.append(ids)
        return [self.guests[one] for one in ids if one in self.guests]

    async def _people(self, ids: Sequence[UUID]) -> list[PersonDetails]:
        return [self.people[one] for one in ids if one in self.people]

    async def _nominations(self, ids: Sequence[UUID]) -> list[NominationDetails]:
        return [self.nominations[one] for one in ids if one in self.nominations]

    async def _organisations(self, ids: Sequence[UUID]) -> list[OrganisationDetails]:
        return [self.organisations[one] for one in ids if one in self.organisations]

    @asynccontextmanager
    async def answering(self, nats: Bus) -> AsyncIterator[None]:
        """Answer until the block ends."""
        wiring.closing.by_ourselves = True
        recognition = _broker(nats, "recognition")
        registry = _broker(nats, "registry")
        answer_asks(
            recognition,
            "recognition",
            [Answering(Guests, self._guests), Answering(Nominations, self._nominations)],
        )
        answer_asks(
            registry,
            "registry",
            [Answering(People, self._people), Answering(Organisations, self._organisations)],
        )
        events = _broker(nats, "events")
        answer_asks(
            events,
            "events",
            [
                Answering(CourseRegistrations, self._registrations),
                Answering(CourseParticipants, self._participants),
                Answering(CourseRuns, self._runs),
                Answering(Submissions, self._submissions),
            ],
        )
        await recognition.start()
        await registry.start()
        await events.start()
        try:
            yield
        finally:
            await recognition.stop()
            await registry.stop()
            await events.stop()


@asynccontextmanager
async def neighbouring(nats: Bus) -> AsyncIterator[Neighbours]:
    """Open neighbours that answer, and notifier's way to ask them."""
    neighbours = Neighbours()
    async with neighbours.answering(nats), nats.client("notifier") as client:
        neighbours.asks = Asks(client)
        yield neighbours


def _broker(nats: Bus, service: str) -> Any:
    settings = ServiceSettings(
        database_url="",
        nats_url=nats.server.url,
        nats_credentials=nats.credentials(service),
        public_url="",
        staff_token_public_key="",
    )
    return wiring.create_broker(service, "test", settings)

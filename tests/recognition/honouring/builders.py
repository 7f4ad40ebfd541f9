"""Builds plans, people and invitations with valid defaults; a test names only what it is about."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import msgspec

from services.recognition.honouring.commands.close_nomination import (
    CloseNomination,
    close_nomination,
)
from services.recognition.honouring.commands.open_admission import OpenAdmission, open_admission
from services.recognition.honouring.commands.open_nomination import OpenNomination, open_nomination
from services.recognition.honouring.commands.plan_honouring_event import (
    PlanHonouringEvent,
    plan_honouring_event,
)
from services.recognition.honouring.commands.propose_guest import ProposeGuest, propose_guest
from services.recognition.honouring.commands.select_guests import SelectGuests, select_guests
from services.recognition.honouring.commands.send_wave import SendWave, send_wave
from services.recognition.honouring.commands.set_quotas import SetQuotas, set_quotas
from services.recognition.honouring.planning import Capacities, Programme, Schedule, Terms
from services.recognition.honouring.store import known
from shared.contracts.fact import Fact, catalogue
from shared.contracts.registry import OrganisationDetails, PersonDetails
from shared.database import Connection

STARTS_AT = datetime(2031, 2, 8, 19, 0)  # noqa: DTZ001 - the hall's clock
NOMINATE_BY_ON = date(2030, 11, 30)
ANSWER_BY_ON = date(2031, 1, 10)


def programme(title: str = "Ehrenamtskonzert") -> Programme:
    return Programme(
        title=title,
        programme="Die Philharmonie spielt.",
        venue_name="Kulturpalast",
        venue_address="Schloßstraße 2, 01067 Dresden",
    )


def schedule(starts_at: datetime = STARTS_AT) -> Schedule:
    return Schedule(
        starts_at=starts_at,
        ends_at=starts_at + timedelta(hours=2),
        doors_open_at=starts_at - timedelta(hours=1),
    )


def terms(most_seats: int = 2) -> Terms:
    return Terms(nominate_by_on=NOMINATE_BY_ON, answer_by_on=ANSWER_BY_ON, most_seats=most_seats)


def capacities(volunteer: int = 10, protocol: int = 4, **hall: int) -> Capacities:
    return Capacities(
        volunteer=volunteer,
        protocol=protocol,
        standard=hall.get("standard", volunteer + protocol),
        wheelchair=hall.get("wheelchair", 2),
        companion=hall.get("companion", 2),
    )


def plan(*, most_seats: int = 2, places: Capacities | None = None) -> PlanHonouringEvent:
    return PlanHonouringEvent(
        programme=programme(),
        schedule=schedule(),
        terms=terms(most_seats),
        capacities=places or capacities(),
    )


async def planned(transaction: Connection, **wishes: Any) -> UUID:
    """An honouring event in its first phase."""
    return await plan_honouring_event(transaction, plan(**wishes))


async def opened(transaction: Connection, **wishes: Any) -> UUID:
    """An honouring event for which guests are being proposed."""
    event_id = await planned(transaction, **wishes)
    await open_nomination(transaction, OpenNomination(honouring_event_id=event_id))
    return event_id


async def person(
    transaction: Connection, name: str = "Grit Beispiel", *, email: str | None = "grit@example.de"
) -> UUID:
    """A person whom recognition knows from registry."""
    (person_id,) = await people(transaction, 1, name=name, email=email)
    return person_id


async def people(
    transaction: Connection,
    count: int,
    *,
    name: str = "Grit Beispiel",
    email: str | None = "grit@example.de",
) -> list[UUID]:
    """People whom recognition knows from registry, all of one name."""
    given_name, family_name = name.split(maxsplit=1)
    details = [
        PersonDetails(
            person_id=uuid4(),
            version=1,
            salutation="",
            given_name=given_name,
            family_name=family_name,
            email=email,
            street="",
            postal_code="",
            town="",
        )
        for _ in range(count)
    ]
    await known.keep_people(transaction, details)
    return [detail.person_id for detail in details]


async def association(
    transaction: Connection,
    name: str = "Beispielverein",
    *,
    members: Sequence[UUID] = (),
    quota: tuple[UUID, int] | None = None,
    email: str | None = "verein@example.de",
    street: str = "",
) -> UUID:
    """An association with its volunteers, and with a quota for an event."""
    details = OrganisationDetails(
        organisation_id=uuid4(),
        version=1,
        name=name,
        field="sport",
        district="Neustadt",
        email=email,
        contact_name="",
        street=street,
        postal_code="01099",
        town="Dresden",
    )
    await known.keep_organisations(transaction, [details])
    await known.keep_engagements(
        transaction, [engagement(person_id, details.organisation_id) for person_id in members]
    )
    if quota is not None:
        event_id, places = quota
        await set_quotas(
            transaction,
            SetQuotas(honouring_event_id=event_id, places={details.organisation_id: places}),
        )
    return details.organisation_id


def engagement(person_id: UUID, organisation_id: UUID) -> known.KnownEngagement:
    return known.KnownEngagement(
        engagement_id=uuid4(),
        version=1,
        person_id=person_id,
        organisation_id=organisation_id,
        since_on=None,
        until_on=None,
    )


async def proposed(
    transaction: Connection, event_id: UUID, person_ids: Sequence[UUID], **wishes: Any
) -> list[UUID]:
    """Proposals that the foundation itself makes for these people."""
    return [
        await propose_guest(
            transaction,
            ProposeGuest(
                honouring_event_id=event_id,
                person_id=person_id,
                proposed_by="test",
                **wishes,
            ),
        )
        for person_id in person_ids
    ]


async def selected(transaction: Connection, event_id: UUID, *, places: int = 100) -> UUID:
    """A draw among those who are proposed for an event that is open for proposals."""
    await close_nomination(transaction, CloseNomination(honouring_event_id=event_id))
    return await select_guests(
        transaction,
        SelectGuests(honouring_event_id=event_id, places=places, seed="Probe", drawn_by="Test"),
    )


async def invited(transaction: Connection, count: int, **wishes: Any) -> tuple[UUID, UUID]:
    """An honouring event with so many invited guests; returns its id and the wave's."""
    event_id = await opened(transaction, **wishes)
    await proposed(transaction, event_id, await people(transaction, count))
    await selected(transaction, event_id, places=count)
    return event_id, await invite(transaction, event_id, count)


async def invite(transaction: Connection, event_id: UUID, count: int) -> UUID:
    """A wave to all who are selected, of whom there are so many."""
    return await send_wave(
        transaction,
        SendWave(
            honouring_event_id=event_id, answer_by_on=ANSWER_BY_ON, expected=count, sent_by="Test"
        ),
    )


async def admitting(transaction: Connection, event_id: UUID) -> UUID:
    """The same event, with its doors open long before its day."""
    await open_admission(transaction, OpenAdmission(honouring_event_id=event_id))
    return event_id


async def facts(transaction: Connection, kind: type[Fact] | None = None) -> list[Fact]:
    """Facts that stand in the outbox, in their order; only those of a kind if it is given."""
    kinds = catalogue()
    rows = await transaction.fetch("select subject, body from outbox order by position")
    return [
        msgspec.json.decode(body, type=kinds[subject])
        for subject, body in rows
        if kind is None or subject == kind.subject
    ]

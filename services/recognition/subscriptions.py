"""Keeps copies of the people, associations and engagements that registry tells about."""

from collections.abc import Sequence

from services.recognition.honouring.store import known
from services.recognition.honouring.store.known import KnownEngagement
from shared.asks import Asks
from shared.broker import Subscriptions
from shared.contracts.registry import (
    EngagementChanged,
    EngagementRegistered,
    OrganisationChanged,
    OrganisationRegistered,
    Organisations,
    People,
    PersonChanged,
    PersonRegistered,
    StaffSessionEnded,
)
from shared.database import Connection
from shared.ended_sessions import keep_ended_sessions

PersonFact = PersonRegistered | PersonChanged
OrganisationFact = OrganisationRegistered | OrganisationChanged
EngagementFact = EngagementRegistered | EngagementChanged


def subscriptions(asks: Asks) -> Subscriptions:
    """Return what recognition listens to; names are asked for, since facts hold only ids."""
    heard = Subscriptions("recognition")

    @heard.on(PersonRegistered, PersonChanged, silent=True)
    async def keep_people(transaction: Connection, facts: Sequence[PersonFact]) -> None:
        people = await asks(People, {fact.person_id for fact in facts})
        await known.keep_people(transaction, people)

    @heard.on(OrganisationRegistered, OrganisationChanged, silent=True)
    async def keep_organisations(
        transaction: Connection, facts: Sequence[OrganisationFact]
    ) -> None:
        organisations = await asks(Organisations, {fact.organisation_id for fact in facts})
        await known.keep_organisations(transaction, organisations)

    @heard.on(EngagementRegistered, EngagementChanged, silent=True)
    async def keep_engagements(transaction: Connection, facts: Sequence[EngagementFact]) -> None:
        await known.keep_engagements(transaction, newest(facts))

    heard.on(StaffSessionEnded)(keep_ended_sessions)
    return heard


def newest(facts: Sequence[EngagementFact]) -> list[KnownEngagement]:
    """Return each engagement once, as the latest of these facts tells it."""
    latest: dict[object, EngagementFact] = {}
    for fact in sorted(facts, key=lambda one: one.version):
        latest[fact.engagement_id] = fact
    return [
        KnownEngagement(
            engagement_id=fact.engagement_id,
            version=fact.version,
            person_id=fact.person_id,
            organisation_id=fact.organisation_id,
            since_on=fact.since_on,
            until_on=fact.until_on if isinstance(fact, EngagementChanged) else None,
        )
        for fact in latest.values()
    ]

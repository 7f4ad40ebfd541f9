"""Tells all other services again what registry knows, for copies that are lost or in doubt."""

from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Final

import msgspec

from services.registry.engagements import store as engagements
from services.registry.organisations.store import records as organisations
from services.registry.people.store import records as people
from shared import outbox
from shared.contracts.fact import Fact
from shared.contracts.registry import EngagementChanged, OrganisationChanged, PersonChanged
from shared.database import Connection

AT_ONCE: Final = 5_000
"""Facts in one statement."""


async def tell_everything(transaction: Connection) -> int:
    """Record a fact about every organisation, person and engagement as it is now.

    Returns:
        How many facts that are.
    """
    facts: list[Fact] = [
        OrganisationChanged(version=version, organisation_id=organisation_id)
        for organisation_id, version in await organisations.versions(transaction)
    ]
    facts += [
        PersonChanged(version=version, person_id=person_id)
        for person_id, version in await people.versions(transaction)
    ]
    facts += [
        EngagementChanged(**msgspec.structs.asdict(one))
        for one in await engagements.standing(transaction)
    ]
    for some in _batches(facts):
        await outbox.record(transaction, *some)
    return len(facts)


def _batches(facts: Sequence[Fact]) -> Iterator[list[Fact]]:
    left = iter(facts)
    while some := list(islice(left, AT_ONCE)):
        yield some

"""Answers what other services ask registry by id."""

from collections.abc import Sequence
from uuid import UUID

from services.registry.organisations.store import records as organisations
from services.registry.people.store import records as people
from services.registry.sign_in.settings import SignInSettings
from services.registry.sign_in.tokens import Tokens
from shared.answering import Answering
from shared.contracts.registry import (
    OrganisationDetails,
    Organisations,
    People,
    PersonDetails,
    StaffTokens,
)
from shared.database import Pool


def answers(pool: Pool) -> list[Answering]:
    """Return the asks that registry answers about its records."""

    async def read_people(ids: Sequence[UUID]) -> Sequence[PersonDetails]:
        async with pool.acquire() as connection:
            return await people.details(connection, ids)

    async def read_organisations(ids: Sequence[UUID]) -> Sequence[OrganisationDetails]:
        async with pool.acquire() as connection:
            return await organisations.details(connection, ids)

    return [Answering(People, read_people), Answering(Organisations, read_organisations)]


def token_answers(settings: SignInSettings, pool: Pool) -> list[Answering]:
    """Return the ask that registry answers about sessions."""
    return [Answering(StaffTokens, Tokens(settings, pool).renew_all)]

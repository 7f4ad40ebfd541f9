"""The JSON interface: people and organisations for programs of the city, a page at a time."""

from typing import Annotated
from uuid import UUID

import msgspec
from litestar import get
from litestar.params import QueryParameter

from services.registry.forms import SEES
from services.registry.organisations.store import lists as organisations
from services.registry.people.store import lists as people
from shared.contracts.registry import OrganisationDetails, PersonDetails
from shared.web.request import Request

API = "/api/registry/v1"
MOST_ROWS = 500

After = Annotated[
    UUID | None,
    QueryParameter(description="Id of the last record of the page before; none: begin."),
]
Limit = Annotated[int, QueryParameter(ge=1, le=MOST_ROWS, description="Most records of one page.")]


class PeoplePage(msgspec.Struct):
    """People in the order of their registration."""

    people: list[PersonDetails]
    next_after: UUID | None
    """What to send as `after` for the next page; null on the last one."""


class OrganisationsPage(msgspec.Struct):
    """Organisations in the order of their registration."""

    organisations: list[OrganisationDetails]
    next_after: UUID | None
    """What to send as `after` for the next page; null on the last one."""


@get(f"{API}/people", opt=SEES, include_in_schema=True, summary="List people")
async def list_people(request: Request, after: After = None, limit: Limit = 100) -> PeoplePage:
    """Return people, oldest registration first."""
    async with request.pool.acquire() as connection:
        found = await people.after(connection, after, limit)
    return PeoplePage(found, found[-1].person_id if len(found) == limit else None)


@get(f"{API}/organisations", opt=SEES, include_in_schema=True, summary="List organisations")
async def list_organisations(
    request: Request, after: After = None, limit: Limit = 100
) -> OrganisationsPage:
    """Return organisations, oldest registration first."""
    async with request.pool.acquire() as connection:
        found = await organisations.after(connection, after, limit)
    return OrganisationsPage(found, found[-1].organisation_id if len(found) == limit else None)


ROUTES = [list_people, list_organisations]

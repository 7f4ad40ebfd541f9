"""Lists organisations: searched, filtered, sorted, a page at a time."""

from collections.abc import AsyncIterator
from uuid import UUID

import msgspec

from services.registry.organisations.model import Organisation, OrganisationLine
from services.registry.spelling import patterns
from shared.contracts.registry import OrganisationDetails
from shared.database import Connection


class Wanted(msgspec.Struct, frozen=True, kw_only=True):
    """Which organisations a list shows, in which order."""

    search: str = ""
    """Words, or beginnings or other parts of words, that must all occur."""
    field: str = ""
    """Only this field of engagement, by its code; empty: all."""
    without_email: bool = False
    sort: str = "name"
    """name, district or people."""
    descending: bool = False
    offset: int = 0
    rows: int = 50


async def page(connection: Connection, wanted: Wanted) -> list[OrganisationLine]:
    """Return the organisations that a page of the list shows; call `plan_each_time` before."""
    rows = await connection.fetch(
        """
        select
            organisation_id, source_number, name, field, district, contact_name, email, people
        from organisation
        cross join lateral (
            select count(distinct person_id) as people from engagement
            where engagement.organisation_id = organisation.organisation_id
                and coalesce(until_on >= current_date, true)
        ) as engaged
        where ($1::text is null or search like $1) and ($2::text[] is null or search like all ($2))
            and ($3 = '' or field = $3)
            and ($4 = false or email is null)
        order by
            case when $5 = 'people' and not $6 then people end,
            case when $5 = 'people' and $6 then people end desc,
            case when $5 = 'district' and not $6 then lower(unaccent(district)) end,
            case when $5 = 'district' and $6 then lower(unaccent(district)) end desc,
            case when $5 = 'name' and $6 then sort_key end desc,
            sort_key, organisation_id
        limit $7 offset $8
        """,
        *patterns(wanted.search),
        wanted.field,
        wanted.without_email,
        wanted.sort,
        wanted.descending,
        wanted.rows,
        wanted.offset,
    )
    return [OrganisationLine(*row) for row in rows]


async def count(connection: Connection, wanted: Wanted) -> int:
    """Return how many organisations the whole list has."""
    number: int = await connection.fetchval(
        """
        select count(*)
        from organisation
        where ($1::text is null or search like $1) and ($2::text[] is null or search like all ($2))
            and ($3 = '' or field = $3)
            and ($4 = false or email is null)
        """,
        *patterns(wanted.search),
        wanted.field,
        wanted.without_email,
    )
    return number


async def exported(connection: Connection, wanted: Wanted) -> AsyncIterator[Organisation]:
    """Yield all organisations of a list by name, a few at a time; needs an open transaction."""
    rows = connection.cursor(
        """
        select
            organisation_id, version, source_number, name, field, district, contact_name, email,
            street, postal_code, town, edited, registered_at, registered_by
        from organisation
        where ($1::text is null or search like $1) and ($2::text[] is null or search like all ($2))
            and ($3 = '' or field = $3)
            and ($4 = false or email is null)
        order by sort_key, organisation_id
        """,
        *patterns(wanted.search),
        wanted.field,
        wanted.without_email,
        prefetch=500,
    )
    async for row in rows:
        yield Organisation(*row)


async def after(
    connection: Connection, organisation_id: UUID | None, most: int
) -> list[OrganisationDetails]:
    """Return the organisations registered after another one, in the order of their registration."""
    rows = await connection.fetch(
        """
        select
            organisation_id, version, name, field, district, email, contact_name, street,
            postal_code, town
        from organisation
        where $1::uuid is null or organisation_id > $1
        order by organisation_id
        limit $2
        """,
        organisation_id,
        most,
    )
    return [OrganisationDetails(**row) for row in rows]

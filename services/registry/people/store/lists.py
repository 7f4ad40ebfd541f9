"""Lists people: searched, filtered, sorted, a page at a time."""

from collections.abc import AsyncIterator
from uuid import UUID

import msgspec

from services.registry.people.model import Person, PersonLine
from services.registry.spelling import patterns
from shared.contracts.registry import PersonDetails
from shared.database import Connection


class Wanted(msgspec.Struct, frozen=True, kw_only=True):
    """Which people a list shows, in which order."""

    search: str = ""
    """Words, or beginnings or other parts of words, that must all occur."""
    organisation_id: UUID | None = None
    """Only those engaged in this organisation, now or earlier."""
    engaged_in: str = ""
    """Words that must occur in an organisation that they are engaged in, now or earlier."""
    without_email: bool = False
    sort: str = "name"
    """name, town or number."""
    descending: bool = False
    offset: int = 0
    rows: int = 50


async def page(connection: Connection, wanted: Wanted) -> list[PersonLine]:
    """Return the people that a page of the list shows; call `plan_each_time` before."""
    rows = await connection.fetch(
        """
        select
            person_id, source_number, given_name, family_name, email, postal_code, town,
            (
                select count(*) from engagement
                where engagement.person_id = person.person_id
                    and coalesce(until_on >= current_date, true)
            ) as engagements
        from person
        where ($1::text is null or search like $1) and ($2::text[] is null or search like all ($2))
            and ($3::uuid is null or person_id in (
                select person_id from engagement where organisation_id = $3
            ))
            and ($4::text[] is null or person_id in (
                select person_id from engagement join organisation using (organisation_id)
                where organisation.search like all ($4)
            ))
            and ($5 = false or email is null)
        order by
            case when $6 = 'town' and not $7 then lower(unaccent(town)) end,
            case when $6 = 'town' and $7 then lower(unaccent(town)) end desc,
            case when $6 = 'number' and not $7 then source_number end,
            case when $6 = 'number' and $7 then source_number end desc,
            case when $6 = 'name' and $7 then sort_key end desc,
            sort_key, person_id
        limit $8 offset $9
        """,
        *patterns(wanted.search),
        wanted.organisation_id,
        patterns(wanted.engaged_in)[1],
        wanted.without_email,
        wanted.sort,
        wanted.descending,
        wanted.rows,
        wanted.offset,
    )
    return [PersonLine(*row) for row in rows]


async def count(connection: Connection, wanted: Wanted) -> int:
    """Return how many people the whole list has."""
    number: int = await connection.fetchval(
        """
        select count(*)
        from person
        where ($1::text is null or search like $1) and ($2::text[] is null or search like all ($2))
            and ($3::uuid is null or person_id in (
                select person_id from engagement where organisation_id = $3
            ))
            and ($4::text[] is null or person_id in (
                select person_id from engagement join organisation using (organisation_id)
                where organisation.search like all ($4)
            ))
            and ($5 = false or email is null)
        """,
        *patterns(wanted.search),
        wanted.organisation_id,
        patterns(wanted.engaged_in)[1],
        wanted.without_email,
    )
    return number


async def exported(connection: Connection, wanted: Wanted) -> AsyncIterator[Person]:
    """Yield all people of a list by name, a few at a time; needs an open transaction."""
    rows = connection.cursor(
        """
        select
            person_id, version, source_number, salutation, given_name, family_name, email, street,
            postal_code, town, born_on, edited, registered_at, registered_by
        from person
        where ($1::text is null or search like $1) and ($2::text[] is null or search like all ($2))
            and ($3::uuid is null or person_id in (
                select person_id from engagement where organisation_id = $3
            ))
            and ($4::text[] is null or person_id in (
                select person_id from engagement join organisation using (organisation_id)
                where organisation.search like all ($4)
            ))
            and ($5 = false or email is null)
        order by sort_key, person_id
        """,
        *patterns(wanted.search),
        wanted.organisation_id,
        patterns(wanted.engaged_in)[1],
        wanted.without_email,
        prefetch=500,
    )
    async for row in rows:
        yield Person(*row)


async def after(connection: Connection, person_id: UUID | None, most: int) -> list[PersonDetails]:
    """Return the people registered after another one, in the order of their registration."""
    rows = await connection.fetch(
        """
        select
            person_id, version, salutation, given_name, family_name, email, street, postal_code,
            town
        from person
        where $1::uuid is null or person_id > $1
        order by person_id
        limit $2
        """,
        person_id,
        most,
    )
    return [PersonDetails(**row) for row in rows]

"""Keeps copies of what registry knows about people, associations and engagements."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

import msgspec

from shared.contracts.registry import OrganisationDetails, PersonDetails
from shared.database import Connection


class KnownPerson(msgspec.Struct, frozen=True, kw_only=True):
    """A person as far as honouring needs to know."""

    person_id: UUID
    given_name: str
    family_name: str
    has_email: bool


class FoundPerson(msgspec.Struct, frozen=True, kw_only=True):
    """A person as a search shows them, told apart from others of the same name."""

    person_id: UUID
    given_name: str
    family_name: str
    associations: str
    """Names of the associations in which the person volunteers now; may be empty."""


class KnownEngagement(msgspec.Struct, frozen=True, kw_only=True):
    """A person's engagement in one association."""

    engagement_id: UUID
    version: int
    person_id: UUID
    organisation_id: UUID
    since_on: date | None
    until_on: date | None


async def keep_people(transaction: Connection, people: Sequence[PersonDetails]) -> None:
    """Keep these people, except where a later version is known."""
    await transaction.execute(
        """
        insert into known_person (person_id, version, given_name, family_name, has_email)
        select person_id, version, given_name, family_name, has_email
        from unnest($1::uuid[], $2::integer[], $3::text[], $4::text[], $5::boolean[])
            as person (person_id, version, given_name, family_name, has_email)
        order by person_id
        on conflict (person_id) do update set
            version = excluded.version,
            given_name = excluded.given_name,
            family_name = excluded.family_name,
            has_email = excluded.has_email
        where known_person.version < excluded.version
        """,
        [person.person_id for person in people],
        [person.version for person in people],
        [person.given_name for person in people],
        [person.family_name for person in people],
        [person.email is not None for person in people],
    )


async def keep_organisations(
    transaction: Connection, organisations: Sequence[OrganisationDetails]
) -> None:
    """Keep these associations, except where a later version is known."""
    await transaction.execute(
        """
        insert into known_organisation (
            organisation_id, version, name, district, email, has_address
        )
        select organisation_id, version, name, district, email, has_address
        from unnest($1::uuid[], $2::integer[], $3::text[], $4::text[], $5::text[], $6::boolean[])
            as organisation (organisation_id, version, name, district, email, has_address)
        order by organisation_id
        on conflict (organisation_id) do update set
            version = excluded.version,
            name = excluded.name,
            district = excluded.district,
            email = excluded.email,
            has_address = excluded.has_address
        where known_organisation.version < excluded.version
        """,
        [organisation.organisation_id for organisation in organisations],
        [organisation.version for organisation in organisations],
        [organisation.name for organisation in organisations],
        [organisation.district for organisation in organisations],
        [organisation.email for organisation in organisations],
        [bool(one.street and one.postal_code and one.town) for one in organisations],
    )


async def keep_engagements(transaction: Connection, engagements: Sequence[KnownEngagement]) -> None:
    """Keep these engagements, each named once, except where a later version is known."""
    await transaction.execute(
        """
        insert into known_engagement (
            engagement_id, version, person_id, organisation_id, since_on, until_on
        )
        select engagement_id, version, person_id, organisation_id, since_on, until_on
        from unnest($1::uuid[], $2::integer[], $3::uuid[], $4::uuid[], $5::date[], $6::date[])
            as engagement (
                engagement_id, version, person_id, organisation_id, since_on, until_on
            )
        order by engagement_id
        on conflict (engagement_id) do update set
            version = excluded.version,
            person_id = excluded.person_id,
            organisation_id = excluded.organisation_id,
            since_on = excluded.since_on,
            until_on = excluded.until_on
        where known_engagement.version < excluded.version
        """,
        [engagement.engagement_id for engagement in engagements],
        [engagement.version for engagement in engagements],
        [engagement.person_id for engagement in engagements],
        [engagement.organisation_id for engagement in engagements],
        [engagement.since_on for engagement in engagements],
        [engagement.until_on for engagement in engagements],
    )


async def distrust(transaction: Connection) -> None:
    """Take every copy for out of date, so that what registry tells next replaces it."""
    await transaction.execute("update known_person set version = 0")
    await transaction.execute("update known_organisation set version = 0")
    await transaction.execute("update known_engagement set version = 0")


async def find_person(connection: Connection, person_id: UUID) -> KnownPerson | None:
    """Return a person; None if there is none with this id."""
    row = await connection.fetchrow(
        """
        select person_id, given_name, family_name, has_email from known_person
        where person_id = $1
        """,
        person_id,
    )
    return KnownPerson(**row) if row is not None else None


async def search_people(connection: Connection, search: str, most: int) -> list[FoundPerson]:
    """Return people whose name holds the text, `most` at the most.

    Those with a name that begins with it come first, and otherwise they are in the order of names.
    """
    rows = await connection.fetch(
        """
        select
            person.person_id, person.given_name, person.family_name,
            coalesce(
                (
                    select string_agg(organisation.name, ', ' order by organisation.sort_key)
                    from known_organisation as organisation
                    where organisation.organisation_id in (
                        select engagement.organisation_id from known_engagement as engagement
                        where
                            engagement.person_id = person.person_id
                            and (
                                engagement.until_on is null
                                or engagement.until_on >= current_date
                            )
                    )
                ),
                ''
            ) as associations
        from known_person as person
        where strpos(person.search_name, lower($1)) > 0
        order by
            strpos(' ' || person.search_name, ' ' || lower($1)) = 0,
            person.sort_key, person.person_id
        limit $2
        """,
        search,
        most,
    )
    return [FoundPerson(**row) for row in rows]

"""Keeps engagements, and lists them with their people and organisations."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

import msgspec

from services.registry.comparison import Change
from services.registry.engagements.model import (
    Engagement,
    EngagementLine,
    EngagementRow,
    Referred,
)
from services.registry.store import demand_all_written
from shared.database import Connection


class Standing(msgspec.Struct, frozen=True):
    """An engagement as far as other services hear of it."""

    engagement_id: UUID
    version: int
    person_id: UUID
    organisation_id: UUID
    since_on: date | None
    until_on: date | None


class Registered(msgspec.Struct, frozen=True):
    """An engagement that has just been added."""

    engagement_id: UUID
    person_id: UUID
    organisation_id: UUID
    since_on: date | None


async def known(connection: Connection, source_numbers: Sequence[str]) -> dict[str, Engagement]:
    """Return the engagements with these source numbers, by number."""
    rows = await connection.fetch(
        """
        select
            engagement_id, engagement.version, engagement.source_number, person_id,
            person.source_number as person_number, organisation_id,
            organisation.source_number as organisation_number, activity, hours_per_week, since_on,
            until_on, engagement.edited
        from engagement
        join person using (person_id)
        join organisation using (organisation_id)
        where engagement.source_number = any($1)
        """,
        source_numbers,
    )
    return {row["source_number"]: Engagement(*row) for row in rows}


async def standing(connection: Connection) -> list[Standing]:
    """Return all engagements as they are now."""
    rows = await connection.fetch(
        """
        select engagement_id, version, person_id, organisation_id, since_on, until_on
        from engagement
        order by engagement_id
        """
    )
    return [Standing(*row) for row in rows]


async def referred(connection: Connection, rows: Sequence[EngagementRow]) -> Referred:
    """Return the people and organisations that the rows refer to, as far as they are there."""
    people = await connection.fetch(
        "select source_number, person_id from person where source_number = any($1)",
        [row.person_number for row in rows],
    )
    organisations = await connection.fetch(
        "select source_number, organisation_id from organisation where source_number = any($1)",
        [row.organisation_number for row in rows],
    )
    return Referred(
        {row["source_number"]: row["person_id"] for row in people},
        {row["source_number"]: row["organisation_id"] for row in organisations},
    )


async def register(
    transaction: Connection, rows: Sequence[EngagementRow], found: Referred, registered_by: str
) -> list[Registered]:
    """Add engagements and return them, in no particular order."""
    added = await transaction.fetch(
        """
        insert into engagement (
            source_number, person_id, organisation_id, activity, hours_per_week, since_on,
            until_on, registered_by
        )
        select new.*, $8
        from unnest(
            $1::text[], $2::uuid[], $3::uuid[], $4::text[], $5::numeric[], $6::date[], $7::date[]
        ) as new
        returning engagement_id, person_id, organisation_id, since_on
        """,
        [row.source_number for row in rows],
        [found.people[row.person_number] for row in rows],
        [found.organisations[row.organisation_number] for row in rows],
        [row.activity for row in rows],
        [row.hours_per_week for row in rows],
        [row.since_on for row in rows],
        [row.until_on for row in rows],
        registered_by,
    )
    return [Registered(*row) for row in added]


async def write(transaction: Connection, changes: Sequence[Change[Engagement]]) -> None:
    """Write engagements as they are to be.

    Raises:
        ChangedMeanwhile: one of them is not what it was when it was read.
    """
    found = [change.after for change in changes]
    updated = await transaction.execute(
        """
        update engagement as old set
            version = new.version, activity = new.activity, hours_per_week = new.hours_per_week,
            since_on = new.since_on, until_on = new.until_on, edited = new.edited
        from unnest(
            $1::uuid[], $2::integer[], $3::integer[], $4::text[], $5::numeric[], $6::date[],
            $7::date[], $8::jsonb[]
        ) as new (
            engagement_id, seen_version, version, activity, hours_per_week, since_on, until_on,
            edited
        )
        where old.engagement_id = new.engagement_id and old.version = new.seen_version
        """,
        [engagement.engagement_id for engagement in found],
        [change.before.version for change in changes],
        [engagement.version for engagement in found],
        [engagement.activity for engagement in found],
        [engagement.hours_per_week for engagement in found],
        [engagement.since_on for engagement in found],
        [engagement.until_on for engagement in found],
        [engagement.edited for engagement in found],
    )
    demand_all_written(updated, changes)


async def of_person(connection: Connection, person_id: UUID) -> list[EngagementLine]:
    """Return a person's engagements, current ones first, then by their beginning."""
    rows = await connection.fetch(
        """
        select
            engagement_id, person_id, given_name || ' ' || family_name as person_name,
            organisation_id, name as organisation_name, activity, hours_per_week, since_on,
            until_on, coalesce(until_on >= current_date, true) as is_current
        from engagement
        join person using (person_id)
        join organisation using (organisation_id)
        where person_id = $1
        order by is_current desc, since_on nulls last, engagement_id
        """,
        person_id,
    )
    return [EngagementLine(*row) for row in rows]


async def in_organisation(
    connection: Connection, organisation_id: UUID, most: int
) -> list[EngagementLine]:
    """Return the engagements in an organisation, current ones first, then by name."""
    rows = await connection.fetch(
        """
        select
            engagement_id, person_id, given_name || ' ' || family_name as person_name,
            organisation_id, name as organisation_name, activity, hours_per_week, since_on,
            until_on, coalesce(until_on >= current_date, true) as is_current
        from engagement
        join person using (person_id)
        join organisation using (organisation_id)
        where organisation_id = $1
        order by is_current desc, person.sort_key, engagement_id
        limit $2
        """,
        organisation_id,
        most,
    )
    return [EngagementLine(*row) for row in rows]

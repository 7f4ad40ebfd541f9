"""Keeps organisations, one by one or many at a time."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from services.registry.comparison import Change
from services.registry.organisations.model import (
    Organisation,
    OrganisationRow,
    OrganisationUnknown,
)
from services.registry.spelling import folded, searchable
from services.registry.store import demand_all_written
from shared.contracts.registry import OrganisationDetails
from shared.database import Connection


async def get(connection: Connection, organisation_id: UUID) -> Organisation:
    """Return an organisation.

    Raises:
        OrganisationUnknown: there is none with this id.
    """
    row = await connection.fetchrow(
        """
        select
            organisation_id, version, source_number, name, field, district, contact_name, email,
            street, postal_code, town, edited, registered_at, registered_by
        from organisation
        where organisation_id = $1
        """,
        organisation_id,
    )
    if row is None:
        raise OrganisationUnknown
    return Organisation(*row)


async def versions(connection: Connection) -> list[tuple[UUID, int]]:
    """Return the ids of all organisations with the version of each."""
    rows = await connection.fetch(
        "select organisation_id, version from organisation order by organisation_id"
    )
    return [(row[0], row[1]) for row in rows]


async def known(connection: Connection, source_numbers: Sequence[str]) -> dict[str, Organisation]:
    """Return the organisations with these source numbers, by number."""
    rows = await connection.fetch(
        """
        select
            organisation_id, version, source_number, name, field, district, contact_name, email,
            street, postal_code, town, edited, registered_at, registered_by
        from organisation
        where source_number = any($1)
        """,
        source_numbers,
    )
    return {row["source_number"]: Organisation(*row) for row in rows}


async def register(
    transaction: Connection,
    rows: Sequence[OrganisationRow],
    registered_by: str,
    edited: Sequence[dict[str, Any]] = (),
) -> list[UUID]:
    """Add organisations and return their ids, in no particular order.

    Args:
        transaction: the caller's.
        rows: with source numbers that are not taken yet.
        registered_by: whose doing it is.
        edited: for each row, what counts as edited by hand; nothing where left out.
    """
    added = await transaction.fetch(
        """
        insert into organisation (
            source_number, name, field, district, contact_name, email, street, postal_code, town,
            edited, search, sort_key, registered_by
        )
        select new.*, $13
        from unnest(
            $1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[],
            $8::text[], $9::text[], $10::jsonb[], $11::text[], $12::text[]
        ) as new
        returning organisation_id
        """,
        *_columns(rows),
        list(edited) or [{} for _ in rows],
        [_search(row) for row in rows],
        [_sort_key(row) for row in rows],
        registered_by,
    )
    return [row[0] for row in added]


async def write(transaction: Connection, changes: Sequence[Change[Organisation]]) -> None:
    """Write organisations as they are to be.

    Raises:
        ChangedMeanwhile: one of them is not what it was when it was read.
    """
    found = [change.after for change in changes]
    updated = await transaction.execute(
        """
        update organisation as old set
            version = new.version, name = new.name, field = new.field, district = new.district,
            contact_name = new.contact_name, email = new.email, street = new.street,
            postal_code = new.postal_code, town = new.town, edited = new.edited,
            search = new.search, sort_key = new.sort_key
        from unnest(
            $1::uuid[], $2::integer[], $3::integer[], $4::text[], $5::text[], $6::text[],
            $7::text[], $8::text[], $9::text[], $10::text[], $11::text[], $12::text[],
            $13::jsonb[], $14::text[], $15::text[]
        ) as new (
            organisation_id, seen_version, version, source_number, name, field, district,
            contact_name, email, street, postal_code, town, edited, search, sort_key
        )
        where old.organisation_id = new.organisation_id and old.version = new.seen_version
        """,
        [organisation.organisation_id for organisation in found],
        [change.before.version for change in changes],
        [organisation.version for organisation in found],
        *_columns(found),
        [organisation.edited for organisation in found],
        [_search(organisation) for organisation in found],
        [_sort_key(organisation) for organisation in found],
    )
    demand_all_written(updated, changes)


async def details(
    connection: Connection, organisation_ids: Sequence[UUID]
) -> list[OrganisationDetails]:
    """Return organisations as other services may know them."""
    rows = await connection.fetch(
        """
        select
            organisation_id, version, name, field, district, email, contact_name, street,
            postal_code, town
        from organisation
        where organisation_id = any($1)
        """,
        organisation_ids,
    )
    return [OrganisationDetails(**row) for row in rows]


def _columns(found: Sequence[OrganisationRow | Organisation]) -> list[list[Any]]:
    return [[getattr(each, field) for each in found] for field in OrganisationRow.__struct_fields__]


def _search(organisation: OrganisationRow | Organisation) -> str:
    return searchable(
        organisation.name,
        organisation.contact_name,
        organisation.district,
        organisation.email or "",
        organisation.source_number,
    )


def _sort_key(organisation: OrganisationRow | Organisation) -> str:
    return folded(organisation.name)

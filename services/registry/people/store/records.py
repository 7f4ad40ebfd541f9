"""Keeps people, one by one or many at a time."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from services.registry.comparison import Change
from services.registry.people.model import Person, PersonRow, PersonUnknown
from services.registry.spelling import folded, searchable
from services.registry.store import demand_all_written
from shared.contracts.registry import PersonDetails
from shared.database import Connection


async def get(connection: Connection, person_id: UUID) -> Person:
    """Return a person.

    Raises:
        PersonUnknown: there is none with this id.
    """
    row = await connection.fetchrow(
        """
        select
            person_id, version, source_number, salutation, given_name, family_name, email, street,
            postal_code, town, born_on, edited, registered_at, registered_by
        from person
        where person_id = $1
        """,
        person_id,
    )
    if row is None:
        raise PersonUnknown
    return Person(*row)


async def versions(connection: Connection) -> list[tuple[UUID, int]]:
    """Return the ids of all people with the version of each."""
    rows = await connection.fetch("select person_id, version from person order by person_id")
    return [(row[0], row[1]) for row in rows]


async def known(connection: Connection, source_numbers: Sequence[str]) -> dict[str, Person]:
    """Return the people with these source numbers, by number."""
    rows = await connection.fetch(
        """
        select
            person_id, version, source_number, salutation, given_name, family_name, email, street,
            postal_code, town, born_on, edited, registered_at, registered_by
        from person
        where source_number = any($1)
        """,
        source_numbers,
    )
    return {row["source_number"]: Person(*row) for row in rows}


async def register(
    transaction: Connection,
    rows: Sequence[PersonRow],
    registered_by: str,
    edited: Sequence[dict[str, Any]] = (),
) -> list[UUID]:
    """Add people and return their ids, in no particular order.

    Args:
        transaction: the caller's.
        rows: with source numbers that are not taken yet.
        registered_by: whose doing it is.
        edited: for each row, what counts as edited by hand; nothing where left out.
    """
    added = await transaction.fetch(
        """
        insert into person (
            source_number, salutation, given_name, family_name, email, street, postal_code, town,
            born_on, edited, search, sort_key, registered_by
        )
        select new.*, $13
        from unnest(
            $1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[],
            $8::text[], $9::date[], $10::jsonb[], $11::text[], $12::text[]
        ) as new
        returning person_id
        """,
        *_columns(rows),
        list(edited) or [{} for _ in rows],
        [_search(row) for row in rows],
        [_sort_key(row) for row in rows],
        registered_by,
    )
    return [row[0] for row in added]


async def write(transaction: Connection, changes: Sequence[Change[Person]]) -> None:
    """Write people as they are to be.

    Raises:
        ChangedMeanwhile: one of them is not what it was when it was read.
    """
    found = [change.after for change in changes]
    updated = await transaction.execute(
        """
        update person as old set
            version = new.version, salutation = new.salutation, given_name = new.given_name,
            family_name = new.family_name, email = new.email, street = new.street,
            postal_code = new.postal_code, town = new.town, born_on = new.born_on,
            edited = new.edited, search = new.search, sort_key = new.sort_key
        from unnest(
            $1::uuid[], $2::integer[], $3::integer[], $4::text[], $5::text[], $6::text[],
            $7::text[], $8::text[], $9::text[], $10::text[], $11::text[], $12::date[],
            $13::jsonb[], $14::text[], $15::text[]
        ) as new (
            person_id, seen_version, version, source_number, salutation, given_name, family_name,
            email, street, postal_code, town, born_on, edited, search, sort_key
        )
        where old.person_id = new.person_id and old.version = new.seen_version
        """,
        [person.person_id for person in found],
        [change.before.version for change in changes],
        [person.version for person in found],
        *_columns(found),
        [person.edited for person in found],
        [_search(person) for person in found],
        [_sort_key(person) for person in found],
    )
    demand_all_written(updated, changes)


async def details(connection: Connection, person_ids: Sequence[UUID]) -> list[PersonDetails]:
    """Return people as other services may know them."""
    rows = await connection.fetch(
        """
        select
            person_id, version, salutation, given_name, family_name, email, street, postal_code,
            town
        from person
        where person_id = any($1)
        """,
        person_ids,
    )
    return [PersonDetails(**row) for row in rows]


def _columns(people: Sequence[PersonRow | Person]) -> list[list[Any]]:
    return [[getattr(each, field) for each in people] for field in PersonRow.__struct_fields__]


def _search(person: PersonRow | Person) -> str:
    return searchable(
        person.given_name, person.family_name, person.email or "", person.town, person.source_number
    )


def _sort_key(person: PersonRow | Person) -> str:
    return folded(f"{person.family_name} {person.given_name}")

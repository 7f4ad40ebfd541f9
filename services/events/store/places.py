"""Reads places, organisers and districts."""

from collections.abc import Sequence
from uuid import UUID

from services.events.place import District, Organiser, Place
from shared.database import Connection


async def find_place(connection: Connection, place_id: UUID) -> Place | None:
    """Return a place, None if there is none."""
    row = await connection.fetchrow(
        """
        select place_id, version, name, address, district, latitude, longitude, is_step_free,
            has_hearing_loop, has_accessible_toilet, wheelchair_places, access_note, changed_at
        from place
        where place_id = $1
        """,
        place_id,
    )
    return Place(**row) if row else None


async def known_places(connection: Connection, place_ids: Sequence[UUID]) -> dict[UUID, Place]:
    """Return places by id."""
    if not place_ids:
        return {}
    rows = await connection.fetch(
        """
        select place_id, version, name, address, district, latitude, longitude, is_step_free,
            has_hearing_loop, has_accessible_toilet, wheelchair_places, access_note, changed_at
        from place
        where place_id = any($1)
        """,
        place_ids,
    )
    return {row["place_id"]: Place(**row) for row in rows}


async def find_organiser(connection: Connection, organiser_id: UUID) -> Organiser | None:
    """Return an organiser, None if there is none."""
    row = await connection.fetchrow(
        """
        select organiser_id, version, name, website, organisation_id, changed_at
        from organiser
        where organiser_id = $1
        """,
        organiser_id,
    )
    return Organiser(**row) if row else None


async def places_called(connection: Connection, names: Sequence[str]) -> list[Place]:
    """Return the places with one of these names, which are in lower case."""
    if not names:
        return []
    rows = await connection.fetch(
        """
        select place_id, version, name, address, district, latitude, longitude, is_step_free,
            has_hearing_loop, has_accessible_toilet, wheelchair_places, access_note, changed_at
        from place
        where lower(name) = any($1)
        """,
        names,
    )
    return [Place(**row) for row in rows]


async def organisers_called(connection: Connection, names: Sequence[str]) -> list[Organiser]:
    """Return the organisers with one of these names, which are in lower case."""
    if not names:
        return []
    rows = await connection.fetch(
        """
        select organiser_id, version, name, website, organisation_id, changed_at
        from organiser
        where lower(name) = any($1)
        """,
        names,
    )
    return [Organiser(**row) for row in rows]


async def share_places(transaction: Connection, place_ids: Sequence[UUID]) -> dict[UUID, Place]:
    """Return places by id and keep them from being changed until the transaction ends."""
    if not place_ids:
        return {}
    rows = await transaction.fetch(
        """
        select place_id, version, name, address, district, latitude, longitude, is_step_free,
            has_hearing_loop, has_accessible_toilet, wheelchair_places, access_note, changed_at
        from place
        where place_id = any($1)
        order by place_id
        for share
        """,
        place_ids,
    )
    return {row["place_id"]: Place(**row) for row in rows}


async def share_organisers(
    transaction: Connection, organiser_ids: Sequence[UUID]
) -> dict[UUID, Organiser]:
    """Return organisers by id and keep them from being changed until the transaction ends."""
    if not organiser_ids:
        return {}
    rows = await transaction.fetch(
        """
        select organiser_id, version, name, website, organisation_id, changed_at
        from organiser
        where organiser_id = any($1)
        order by organiser_id
        for share
        """,
        organiser_ids,
    )
    return {row["organiser_id"]: Organiser(**row) for row in rows}


async def places(connection: Connection) -> list[Place]:
    """Return all places by name."""
    rows = await connection.fetch(
        """
        select place_id, version, name, address, district, latitude, longitude, is_step_free,
            has_hearing_loop, has_accessible_toilet, wheelchair_places, access_note, changed_at
        from place
        order by lower(name), address
        """
    )
    return [Place(**row) for row in rows]


async def organisers(connection: Connection) -> list[Organiser]:
    """Return all organisers by name."""
    rows = await connection.fetch(
        """
        select organiser_id, version, name, website, organisation_id, changed_at
        from organiser
        order by lower(name)
        """
    )
    return [Organiser(**row) for row in rows]


async def districts(connection: Connection) -> list[District]:
    """Return all districts by title."""
    rows = await connection.fetch("select slug, title from district order by title")
    return [District(*row) for row in rows]

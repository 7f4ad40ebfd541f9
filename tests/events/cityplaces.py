"""Puts districts, places and organisers into a database, as the city keeps them."""

from typing import Any
from uuid import UUID

from services.events.place import PlaceContent
from shared.database import Connection, Pool


async def district(connection: "Pool | Connection", slug: str, title: str = "") -> str:
    """Keep a district, named like its slug unless said otherwise."""
    await connection.execute(
        "insert into district (slug, title) values ($1, $2)", slug, title or slug.title()
    )
    return slug


async def place(
    connection: "Pool | Connection",
    name: str,
    *,
    in_district: str | None = None,
    **access: Any,
) -> UUID:
    """Keep a place, with what is known about its access."""
    known = PlaceContent(name=name, district=in_district, **access)
    made: UUID = await connection.fetchval(
        """
        insert into place (
            version, name, address, district, latitude, longitude, is_step_free,
            has_hearing_loop, wheelchair_places, access_note, changed_at
        )
        values (1, $1, 'Ring 19', $2, 51.05, 13.74, $3, $4, $5, 'Klingel links', now())
        returning place_id
        """,
        known.name,
        known.district,
        known.is_step_free,
        known.has_hearing_loop,
        known.wheelchair_places,
    )
    return made


async def organiser(connection: "Pool | Connection", name: str) -> UUID:
    """Keep an organiser."""
    made: UUID = await connection.fetchval(
        """
        insert into organiser (version, name, website, changed_at)
        values (1, $1, 'https://verein.example.de', now())
        returning organiser_id
        """,
        name,
    )
    return made

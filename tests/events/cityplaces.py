"""Puts districts, places and organisers into a database, as the city keeps them."""

from uuid import UUID

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
    is_step_free: bool | None = None,
) -> UUID:
    """Keep a place."""
    made: UUID = await connection.fetchval(
        """
        insert into place (
            version, name, address, district, latitude, longitude, is_step_free, access_note,
            changed_at
        )
        values (1, $1, 'Ring 19', $2, 51.05, 13.74, $3, 'Klingel links', now())
        returning place_id
        """,
        name,
        in_district,
        is_step_free,
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

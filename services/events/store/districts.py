"""Reads and writes the parts of the city."""

import msgspec

from services.events.place import District
from shared.database import Connection


class DistrictUse(msgspec.Struct, frozen=True):
    """A part of the city and how many places lie there."""

    slug: str
    title: str
    places: int


async def districts_in_use(connection: Connection) -> list[DistrictUse]:
    """Return all districts by title, with how many places lie in each."""
    rows = await connection.fetch(
        """
        select district.slug, district.title, count(place.place_id) as places
        from district
        left join place on place.district = district.slug
        group by district.slug, district.title
        order by district.title
        """
    )
    return [DistrictUse(*row) for row in rows]


async def add_district(transaction: Connection, district: District) -> bool:
    """Keep a new district; False if its name or address word is taken."""
    added = await transaction.fetchval(
        "insert into district (slug, title) values ($1, $2) on conflict do nothing returning slug",
        district.slug,
        district.title,
    )
    return added is not None


async def is_title_taken(connection: Connection, title: str, slug: str) -> bool:
    """Say whether another district than `slug` has this title."""
    taken: bool = await connection.fetchval(
        """
        select exists (
            select from district where lower(title) = lower($1) and slug <> $2
        )
        """,
        title,
        slug,
    )
    return taken


async def rename_district(transaction: Connection, district: District) -> bool:
    """Give a district another title; False if there is no such district."""
    renamed = await transaction.fetchval(
        "update district set title = $2 where slug = $1 returning slug",
        district.slug,
        district.title,
    )
    return renamed is not None


async def delete_unused_district(transaction: Connection, slug: str) -> bool:
    """Delete a district in which no place lies; False if there is none such."""
    deleted = await transaction.fetchval(
        """
        delete from district
        where slug = $1 and not exists (select from place where place.district = district.slug)
        returning slug
        """,
        slug,
    )
    return deleted is not None

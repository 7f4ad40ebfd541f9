"""Reads what the things are called that a selection chooses by."""

import msgspec

from services.events.selection import Selection
from shared.database import Connection


class Names(msgspec.Struct, frozen=True, kw_only=True):
    """The titles, in German, of what a selection names, each list in its usual order."""

    categories: list[str]
    audiences: list[str]
    districts: list[str]
    places: list[str]
    organisers: list[str]


class Colour(msgspec.Struct, frozen=True):
    """A colour for calendar programs."""

    code: str
    """#RRGGBB."""
    name: str
    """The nearest CSS3 colour name."""


async def names_of(connection: Connection, selection: Selection) -> Names:
    """Return what the things are called that a selection names; what is gone is left out."""
    chosen = (
        selection.categories,
        selection.audiences,
        selection.districts,
        selection.places,
        selection.organisers,
    )
    if not any(chosen):
        return Names(categories=[], audiences=[], districts=[], places=[], organisers=[])
    [row] = await connection.fetch(
        """
        select
            array(
                select title from category where code = any($1::text[]) order by position
            ) as categories,
            array(
                select title from audience where code = any($2::text[]) order by position
            ) as audiences,
            array(select title from district where slug = any($3::text[]) order by title)
                as districts,
            array(select name from place where place_id = any($4::uuid[]) order by lower(name))
                as places,
            array(
                select name from organiser
                where organiser_id = any($5::uuid[])
                order by lower(name)
            ) as organisers
        """,
        *chosen,
    )
    return Names(**row)


async def find_colour(connection: Connection, category: str) -> Colour | None:
    """Return the colour of a category, None if there is no such category."""
    row = await connection.fetchrow(
        "select colour as code, colour_name as name from category where code = $1", category
    )
    return Colour(*row) if row else None

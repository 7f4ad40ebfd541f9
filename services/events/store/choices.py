"""Reads what can be chosen from when somebody looks for events."""

from collections.abc import Mapping
from uuid import UUID

import msgspec

from services.events.category import Audience, Category
from services.events.place import District
from services.events.store.events import terms
from services.events.store.places import districts, organisers, places
from shared.database import Connection


class Choice(msgspec.Struct, frozen=True):
    """A place or an organiser."""

    slug: str
    """How it stands in addresses: its id."""
    title: str


class Choices(msgspec.Struct, frozen=True, kw_only=True):
    """The lists that events are chosen by, each in its usual order."""

    categories: list[Category]
    audiences: list[Audience]
    districts: list[District]
    places: list[Choice] = []
    organisers: list[Choice] = []
    become: Mapping[UUID, UUID] = {}
    """Places and organisers that are there no longer, each with the one that it has become."""


async def choices(connection: Connection) -> Choices:
    """Return all lists, places and organisers too."""
    known = await terms(connection)
    return Choices(
        categories=known.categories,
        audiences=known.audiences,
        districts=await districts(connection),
        places=[Choice(str(each.place_id), each.name) for each in await places(connection)],
        organisers=[
            Choice(str(each.organiser_id), each.name) for each in await organisers(connection)
        ],
        become=await _become(connection),
    )


async def _become(connection: Connection) -> dict[UUID, UUID]:
    """Return what was merged, as the feeds know it that follow each other."""
    rows = await connection.fetch("select slug, follows from feed where follows is not null")
    return {_id_in(row["slug"]): _id_in(row["follows"]) for row in rows}


def _id_in(slug: str) -> UUID:
    """Return the id in the slug of a place's or an organiser's feed, such as `ort-0193…`."""
    return UUID(slug.partition("-")[2])

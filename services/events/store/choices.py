"""Reads what can be chosen from when somebody looks for events."""

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
    )

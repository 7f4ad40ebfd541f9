"""Reads what can be chosen from when somebody looks for events."""

from collections.abc import Mapping
from uuid import UUID

import msgspec

from services.events.category import Audience, Category
from services.events.need import NEEDS, Need
from services.events.place import District
from shared.database import Connection


class Choice(msgspec.Struct, frozen=True):
    """A place or an organiser."""

    slug: str
    """How it stands in addresses: its id."""
    title: str


class Choices(msgspec.Struct, frozen=True, kw_only=True):
    """The lists that events are chosen by, each in its usual order."""

    categories: list[Category] = []
    audiences: list[Audience] = []
    districts: list[District] = []
    places: list[Choice] = []
    organisers: list[Choice] = []
    needs: tuple[Need, ...] = NEEDS
    become: Mapping[UUID, UUID] = {}
    """Places and organisers that are there no longer, each with the one that it has become."""


async def choices(connection: Connection) -> Choices:
    """Return all lists, places and organisers too, with one question: every list page asks it."""
    [row] = await connection.fetch(
        """
        select
            (select jsonb_agg(category order by position) from category) as categories,
            (select jsonb_agg(audience order by position) from audience) as audiences,
            (select jsonb_agg(district order by title) from district) as districts,
            (
                select jsonb_agg(
                    jsonb_build_object('slug', place_id, 'title', name)
                    order by lower(name), address
                ) from place
            ) as places,
            (
                select jsonb_agg(
                    jsonb_build_object('slug', organiser_id, 'title', name) order by lower(name)
                ) from organiser
            ) as organisers,
            -- What was merged, as the feeds know it that follow each other: `ort-0193…` is the
            -- feed of the place with this id.
            (
                select jsonb_object_agg(
                    substr(slug, strpos(slug, '-') + 1), substr(follows, strpos(follows, '-') + 1)
                ) from feed where follows is not null
            ) as become
        """
    )
    return msgspec.convert({name: one for name, one in row.items() if one is not None}, Choices)

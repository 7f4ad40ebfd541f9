"""Fills in what the city knows about the place and the organiser that an event names."""

from collections.abc import Collection
from typing import TypeVar
from uuid import UUID

from services.events.content import EventContent, EventTexts
from services.events.naming import Naming, at_place, held_by, organiser_names, place_names
from services.events.store import places
from shared.database import Connection
from shared.errors import Malformed

Texts = TypeVar("Texts", bound=EventTexts)


async def with_known(connection: Connection, texts: Texts) -> Texts:
    """Return `texts` with name, address and point of its known place and its organiser's name.

    Both stay as they are until the transaction ends: who changes them finds the event already.

    Raises:
        Malformed: the place or the organiser is not known (any more); names the field.
    """
    if texts.place_id is not None:
        shared = await places.share_places(connection, [texts.place_id])
        if texts.place_id not in shared:
            raise Malformed("Diesen Ort gibt es nicht mehr.", "place_id")
        texts = at_place(texts, shared[texts.place_id])
    if texts.organiser_id is not None:
        holders = await places.share_organisers(connection, [texts.organiser_id])
        if texts.organiser_id not in holders:
            raise Malformed("Diesen Veranstalter gibt es nicht mehr.", "organiser_id")
        texts = held_by(texts, holders[texts.organiser_id])
    return texts


async def naming_of(connection: Connection, contents: Collection[EventContent]) -> Naming:
    """Return the places and organisers that some events may mean by their words."""
    called = await places.places_called(connection, place_names(contents))
    holders = await places.organisers_called(connection, organiser_names(contents))
    return Naming(
        {place.place_id: place for place in called},
        {organiser.organiser_id: organiser for organiser in holders},
    )


async def share_naming(
    transaction: Connection,
    contents: Collection[EventContent],
    place_ids: Collection[UUID],
    organiser_ids: Collection[UUID],
) -> Naming:
    """Return the places and organisers that some events may mean, and those with these ids.

    They stay as they are until the transaction ends: who changes them finds the events already.
    """
    called = await naming_of(transaction, contents)
    return Naming(
        await places.share_places(transaction, [*called.places, *place_ids]),
        await places.share_organisers(transaction, [*called.organisers, *organiser_ids]),
    )

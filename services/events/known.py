"""Fills in what the city knows about the place and the organiser that an event names."""

from typing import TypeVar

import msgspec

from services.events.content import EventTexts
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
        place = await places.share_place(connection, texts.place_id)
        if place is None:
            raise Malformed("Diesen Ort gibt es nicht mehr.", "place_id")
        texts = msgspec.structs.replace(
            texts,
            place_name=place.name,
            place_address=place.address,
            latitude=place.latitude,
            longitude=place.longitude,
        )
    if texts.organiser_id is not None:
        organiser = await places.share_organiser(connection, texts.organiser_id)
        if organiser is None:
            raise Malformed("Diesen Veranstalter gibt es nicht mehr.", "organiser_id")
        texts = msgspec.structs.replace(texts, organiser=organiser.name)
    return texts

"""An editor enters a place (Veranstaltungsort) into the list."""

from datetime import datetime
from uuid import UUID

import msgspec

from services.events.place import NameTaken, PlaceContent, checked, require_district
from services.events.store import known_places, places
from shared.database import Connection


class AddPlace(msgspec.Struct, frozen=True):
    """What is known about the place."""

    content: PlaceContent


async def add_place(transaction: Connection, command: AddPlace, now: datetime) -> UUID:
    """Keep a new place and return its id.

    Raises:
        Malformed: names the first field that does not go together.
        NameTaken: one has this name at this address.
    """
    content = checked(command.content)
    require_district(content, await places.districts(transaction))
    place_id = await known_places.add_place(transaction, content, now)
    if place_id is None:
        raise NameTaken
    return place_id

"""An editor takes a place that no event names from the list."""

from uuid import UUID

import msgspec

from services.events.place import EntryInUse, PlaceUnknown
from services.events.store import known_places
from shared.database import Connection


class DeletePlace(msgspec.Struct, frozen=True):
    """Which place."""

    place_id: UUID


async def delete_place(transaction: Connection, command: DeletePlace) -> None:
    """Delete a place.

    Raises:
        PlaceUnknown: there is no such place.
        EntryInUse: events name it.
    """
    if await known_places.lock_place(transaction, command.place_id) is None:
        raise PlaceUnknown
    if count := await known_places.events_at(transaction, command.place_id):
        raise EntryInUse(count)
    await known_places.delete_place(transaction, command.place_id)

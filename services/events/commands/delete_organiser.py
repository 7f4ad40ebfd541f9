"""An editor takes an organiser that no event names from the list."""

from uuid import UUID

import msgspec

from services.events.place import EntryInUse, OrganiserUnknown
from services.events.store import known_organisers
from shared.database import Connection


class DeleteOrganiser(msgspec.Struct, frozen=True):
    """Which organiser."""

    organiser_id: UUID


async def delete_organiser(transaction: Connection, command: DeleteOrganiser) -> None:
    """Delete an organiser.

    Raises:
        OrganiserUnknown: there is no such organiser.
        EntryInUse: events name it.
    """
    if await known_organisers.lock_organiser(transaction, command.organiser_id) is None:
        raise OrganiserUnknown
    if count := await known_organisers.events_by(transaction, command.organiser_id):
        raise EntryInUse(count)
    await known_organisers.delete_organiser(transaction, command.organiser_id)

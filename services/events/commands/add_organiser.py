"""An editor enters somebody who holds events (Veranstalter) into the list."""

from datetime import datetime
from uuid import UUID

import msgspec

from services.events.place import NameTaken, OrganiserContent, checked_organiser
from services.events.store import known_organisers
from shared.database import Connection


class AddOrganiser(msgspec.Struct, frozen=True):
    """What is known about the organiser."""

    content: OrganiserContent


async def add_organiser(transaction: Connection, command: AddOrganiser, now: datetime) -> UUID:
    """Keep a new organiser and return its id.

    Raises:
        Malformed: names the first field that does not go together.
        NameTaken: one has this name.
    """
    content = checked_organiser(command.content)
    organiser_id = await known_organisers.add_organiser(transaction, content, now)
    if organiser_id is None:
        raise NameTaken
    return organiser_id

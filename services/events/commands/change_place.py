"""An editor corrects what is known about a place; its events follow."""

from datetime import datetime
from uuid import UUID

import msgspec

from services.events.place import (
    EntryStale,
    NameTaken,
    PlaceContent,
    PlaceUnknown,
    checked,
    require_district,
)
from services.events.store import known_places, places, rewriting
from shared.database import Connection


class ChangePlace(msgspec.Struct, frozen=True):
    """What is known now, by an editor who has seen a version of it."""

    place_id: UUID
    expected_version: int
    content: PlaceContent
    by: str


async def change_place(transaction: Connection, command: ChangePlace, now: datetime) -> int:
    """Change a place and put its events on the list of those that are to be written again.

    Returns:
        How many events follow, see rewrite_events; what is the same changes nothing.

    Raises:
        PlaceUnknown: there is no such place.
        EntryStale: it has changed since its editor has read it.
        NameTaken: another has this name.
        Malformed: names the first field that does not go together.
    """
    before = await known_places.lock_place(transaction, command.place_id)
    if before is None:
        raise PlaceUnknown
    if before.version != command.expected_version:
        raise EntryStale
    content = checked(command.content)
    require_district(content, await places.districts(transaction))
    named = await known_places.place_named(transaction, content.name, content.address)
    if named not in {None, before.place_id}:
        raise NameTaken
    changes = msgspec.structs.asdict(content)
    after = msgspec.structs.replace(before, **changes)
    if after == before:
        return 0
    version = before.version + 1
    after = msgspec.structs.replace(after, version=version, changed_at=now)
    await known_places.save_place(transaction, after)
    return await rewriting.note_events_at(transaction, before.place_id, "change_place", command.by)

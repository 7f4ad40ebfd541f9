"""An editor corrects what is known about an organiser; its events follow."""

from datetime import datetime
from uuid import UUID

import msgspec

from services.events.place import (
    EntryStale,
    NameTaken,
    OrganiserContent,
    OrganiserUnknown,
    checked_organiser,
)
from services.events.store import known_organisers, rewriting
from shared.database import Connection


class ChangeOrganiser(msgspec.Struct, frozen=True):
    """What is known now, by an editor who has seen a version of it."""

    organiser_id: UUID
    expected_version: int
    content: OrganiserContent
    by: str


async def change_organiser(transaction: Connection, command: ChangeOrganiser, now: datetime) -> int:
    """Change an organiser and put its events on the list of those that are to be written again.

    Returns:
        How many events follow, see rewrite_events; what is the same changes nothing.

    Raises:
        OrganiserUnknown: there is no such organiser.
        EntryStale: it has changed since its editor has read it.
        NameTaken: another has this name.
        Malformed: names the first field that does not go together.
    """
    before = await known_organisers.lock_organiser(transaction, command.organiser_id)
    if before is None:
        raise OrganiserUnknown
    if before.version != command.expected_version:
        raise EntryStale
    content = checked_organiser(command.content)
    named = await known_organisers.organiser_named(transaction, content.name)
    if named not in {None, before.organiser_id}:
        raise NameTaken
    changes = msgspec.structs.asdict(content)
    after = msgspec.structs.replace(before, **changes)
    if after == before:
        return 0
    version = before.version + 1
    after = msgspec.structs.replace(after, version=version, changed_at=now)
    await known_organisers.save_organiser(transaction, after)
    return await rewriting.note_events_by(
        transaction, before.organiser_id, "change_organiser", command.by
    )

"""An editor finds that two organisers of the list are one; the events of one name the other."""

from uuid import UUID

import msgspec

from services.events.associations.store import submissions
from services.events.feeds import store as feeds
from services.events.feeds.standing import ORGANISER
from services.events.place import MergedWithItself, OrganiserUnknown
from services.events.store import known_organisers, rewriting
from shared.database import Connection


class MergeOrganisers(msgspec.Struct, frozen=True):
    """Which organiser goes, and which stays and is named instead."""

    organiser_id: UUID
    into_id: UUID
    by: str


async def merge_organisers(transaction: Connection, command: MergeOrganisers) -> int:
    """Let one organiser be another and delete it.

    Returns:
        How many events follow, see rewrite_events.

    Raises:
        OrganiserUnknown: one of them is not there (any more).
        MergedWithItself: both are the same.
    """
    if command.organiser_id == command.into_id:
        raise MergedWithItself
    await known_organisers.hold_events_by(transaction, command.organiser_id)
    for organiser_id in sorted((command.organiser_id, command.into_id)):
        if await known_organisers.lock_organiser(transaction, organiser_id) is None:
            raise OrganiserUnknown
    followed = await rewriting.note_events_by(
        transaction, command.organiser_id, "merge_organisers", command.by
    )
    await known_organisers.hand_over_organiser(transaction, command.organiser_id, command.into_id)
    await submissions.hand_over(transaction, command.organiser_id, command.into_id)
    await known_organisers.delete_organiser(transaction, command.organiser_id)
    await feeds.hand_over(
        transaction, f"{ORGANISER}{command.organiser_id}", f"{ORGANISER}{command.into_id}"
    )
    return followed

"""An editor finds that two places of the list are one; the events of one name the other."""

from uuid import UUID

import msgspec

from services.events.feeds import store as feeds
from services.events.feeds.standing import PLACE
from services.events.place import MergedWithItself, PlaceUnknown
from services.events.store import known_places, rewriting
from shared.database import Connection


class MergePlaces(msgspec.Struct, frozen=True):
    """Which place goes, and which stays and is named instead."""

    place_id: UUID
    into_id: UUID
    by: str


async def merge_places(transaction: Connection, command: MergePlaces) -> int:
    """Let one place be another and delete it.

    Returns:
        How many events follow, see rewrite_events.

    Raises:
        PlaceUnknown: one of them is not there (any more).
        MergedWithItself: both are the same.
    """
    if command.place_id == command.into_id:
        raise MergedWithItself
    await known_places.hold_events_at(transaction, command.place_id)
    for place_id in sorted((command.place_id, command.into_id)):
        if await known_places.lock_place(transaction, place_id) is None:
            raise PlaceUnknown
    followed = await rewriting.note_events_at(
        transaction, command.place_id, "merge_places", command.by
    )
    await known_places.hand_over_place(transaction, command.place_id, command.into_id)
    await known_places.delete_place(transaction, command.place_id)
    await feeds.hand_over(transaction, f"{PLACE}{command.place_id}", f"{PLACE}{command.into_id}")
    return followed

"""Keeps the list of events that are to be written again because what they name has changed."""

from uuid import UUID

import msgspec

from shared.database import Connection


class ToRewrite(msgspec.Struct, frozen=True):
    """An event, and what was done to its place or organiser by whom."""

    calendar_event_id: UUID
    deed: str
    made_by: str


async def note_events_at(transaction: Connection, place_id: UUID, deed: str, by: str) -> int:
    """Put the events at a place on the list and return how many they are."""
    noted = await transaction.fetch(
        """
        insert into event_to_rewrite (calendar_event_id, deed, made_by)
        select calendar_event_id, $2, $3 from calendar_event where place_id = $1
        on conflict (calendar_event_id) do update set (deed, made_by) = row (
            excluded.deed, excluded.made_by
        )
        returning calendar_event_id
        """,
        place_id,
        deed,
        by,
    )
    return len(noted)


async def note_events_by(transaction: Connection, organiser_id: UUID, deed: str, by: str) -> int:
    """Put the events of an organiser on the list and return how many they are."""
    noted = await transaction.fetch(
        """
        insert into event_to_rewrite (calendar_event_id, deed, made_by)
        select calendar_event_id, $2, $3 from calendar_event where organiser_id = $1
        on conflict (calendar_event_id) do update set (deed, made_by) = row (
            excluded.deed, excluded.made_by
        )
        returning calendar_event_id
        """,
        organiser_id,
        deed,
        by,
    )
    return len(noted)


async def take_events(transaction: Connection, most: int) -> list[ToRewrite]:
    """Take up to `most` events from the list; others take others at the same time."""
    rows = await transaction.fetch(
        """
        delete from event_to_rewrite
        where calendar_event_id in (
            select calendar_event_id
            from event_to_rewrite
            order by calendar_event_id
            limit $1
            for update skip locked
        )
        returning calendar_event_id, deed, made_by
        """,
        most,
    )
    return [ToRewrite(*row) for row in rows]

"""Writes places, and lists them with those who name them."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import msgspec

from services.events.place import Place, PlaceContent
from services.events.selection import pattern
from shared.database import Connection


class PlaceUse(msgspec.Struct, frozen=True):
    """A place as the console lists it."""

    place_id: UUID
    name: str
    address: str
    district: str | None
    """Its title."""
    is_step_free: bool | None
    events: int
    """How many name it."""


async def add_place(transaction: Connection, content: PlaceContent, now: datetime) -> UUID | None:
    """Keep a new place and return its id; None if one has this name at this address."""
    added: UUID | None = await transaction.fetchval(
        """
        insert into place (
            version, name, address, district, latitude, longitude, is_step_free,
            has_hearing_loop, has_accessible_toilet, wheelchair_places, access_note, changed_at
        )
        values (1, $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
        on conflict do nothing
        returning place_id
        """,
        *_place(content),
        now,
    )
    return added


async def save_place(transaction: Connection, place: Place) -> None:
    """Write a place."""
    await transaction.execute(
        """
        update place
        set (
            name, address, district, latitude, longitude, is_step_free, has_hearing_loop,
            has_accessible_toilet, wheelchair_places, access_note, version, changed_at
        ) = row ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
        where place_id = $13
        """,
        *_place(place),
        place.version,
        place.changed_at,
        place.place_id,
    )


async def lock_place(transaction: Connection, place_id: UUID) -> Place | None:
    """Return a place and keep others from changing or naming it until the transaction ends."""
    row = await transaction.fetchrow(
        """
        select place_id, version, name, address, district, latitude, longitude, is_step_free,
            has_hearing_loop, has_accessible_toilet, wheelchair_places, access_note, changed_at
        from place
        where place_id = $1
        for update
        """,
        place_id,
    )
    return Place(**row) if row else None


async def place_named(connection: Connection, name: str, address: str) -> UUID | None:
    """Return the place with this name and address, None if there is none."""
    found: UUID | None = await connection.fetchval(
        "select place_id from place where lower(name) = lower($1) and lower(address) = lower($2)",
        name,
        address,
    )
    return found


async def delete_place(transaction: Connection, place_id: UUID) -> None:
    """Delete a place that no event names."""
    await transaction.execute("delete from place where place_id = $1", place_id)


async def hold_events_at(transaction: Connection, place_id: UUID) -> None:
    """Keep others from changing the events at a place; to be done before the place is locked."""
    await transaction.execute(
        """
        select from calendar_event
        where place_id = $1
        order by calendar_event_id
        for update
        """,
        place_id,
    )


async def hand_over_place(transaction: Connection, place_id: UUID, into_id: UUID) -> None:
    """Let the events at one place name another."""
    await transaction.execute(
        "update calendar_event set place_id = $2 where place_id = $1", place_id, into_id
    )


async def events_at(connection: Connection, place_id: UUID) -> int:
    """Return how many events name a place."""
    found: int = await connection.fetchval(
        "select count(*) from calendar_event where place_id = $1", place_id
    )
    return found


async def places_in_use(
    connection: Connection, words: Sequence[str], offset: int, most: int
) -> list[PlaceUse]:
    """Return places in whose name or address all words occur, by name."""
    rows = await connection.fetch(
        """
        select place.place_id, name, address, district.title as district, is_step_free,
            (
                select count(*) from calendar_event
                where calendar_event.place_id = place.place_id
            ) as events
        from place
        left join district on district.slug = place.district
        where lower(name || ' ' || address) like all($1::text[])
        order by lower(name), address
        offset $2
        limit $3
        """,
        [pattern(word) for word in words],
        offset,
        most,
    )
    return [PlaceUse(*row) for row in rows]


async def count_places(connection: Connection, words: Sequence[str]) -> int:
    """Return how many places `places_in_use` finds in all."""
    found: int = await connection.fetchval(
        "select count(*) from place where lower(name || ' ' || address) like all($1::text[])",
        [pattern(word) for word in words],
    )
    return found


def _place(content: PlaceContent) -> tuple[object, ...]:
    return tuple(getattr(content, name) for name in PlaceContent.__struct_fields__)

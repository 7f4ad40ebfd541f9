"""Writes organisers, and lists them with those who name them."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import msgspec

from services.events.place import Organiser, OrganiserContent
from services.events.selection import pattern
from shared.database import Connection


class OrganiserUse(msgspec.Struct, frozen=True):
    """An organiser as the console lists it."""

    organiser_id: UUID
    name: str
    website: str
    events: int
    """How many name it."""


async def add_organiser(
    transaction: Connection, content: OrganiserContent, now: datetime
) -> UUID | None:
    """Keep a new organiser and return its id; None if one has this name."""
    added: UUID | None = await transaction.fetchval(
        """
        insert into organiser (version, name, website, organisation_id, changed_at)
        values (1, $1, $2, $3, $4)
        on conflict do nothing
        returning organiser_id
        """,
        content.name,
        content.website,
        content.organisation_id,
        now,
    )
    return added


async def save_organiser(transaction: Connection, organiser: Organiser) -> None:
    """Write an organiser."""
    await transaction.execute(
        """
        update organiser
        set (name, website, organisation_id, version, changed_at) = row ($1, $2, $3, $4, $5)
        where organiser_id = $6
        """,
        organiser.name,
        organiser.website,
        organiser.organisation_id,
        organiser.version,
        organiser.changed_at,
        organiser.organiser_id,
    )


async def lock_organiser(transaction: Connection, organiser_id: UUID) -> Organiser | None:
    """Return an organiser and keep others from changing or naming it."""
    row = await transaction.fetchrow(
        """
        select organiser_id, version, name, website, organisation_id, changed_at
        from organiser
        where organiser_id = $1
        for update
        """,
        organiser_id,
    )
    return Organiser(**row) if row else None


async def organiser_named(connection: Connection, name: str) -> UUID | None:
    """Return the organiser with this name, None if there is none."""
    found: UUID | None = await connection.fetchval(
        "select organiser_id from organiser where lower(name) = lower($1)", name
    )
    return found


async def delete_organiser(transaction: Connection, organiser_id: UUID) -> None:
    """Delete an organiser whom no event names."""
    await transaction.execute("delete from organiser where organiser_id = $1", organiser_id)


async def hold_events_by(transaction: Connection, organiser_id: UUID) -> None:
    """Keep others from changing an organiser's events; to be done before it is locked."""
    await transaction.execute(
        """
        select from calendar_event
        where organiser_id = $1
        order by calendar_event_id
        for update
        """,
        organiser_id,
    )


async def hand_over_organiser(transaction: Connection, organiser_id: UUID, into_id: UUID) -> None:
    """Let the events of one organiser name another."""
    await transaction.execute(
        "update calendar_event set organiser_id = $2 where organiser_id = $1",
        organiser_id,
        into_id,
    )


async def events_by(connection: Connection, organiser_id: UUID) -> int:
    """Return how many events name an organiser or were submitted by it."""
    found: int = await connection.fetchval(
        """
        select count(*)
        from calendar_event
        left join submission using (calendar_event_id)
        where calendar_event.organiser_id = $1 or submission.organiser_id = $1
        """,
        organiser_id,
    )
    return found


async def organisers_in_use(
    connection: Connection, words: Sequence[str], offset: int, most: int
) -> list[OrganiserUse]:
    """Return organisers in whose name all words occur, by name."""
    rows = await connection.fetch(
        """
        select organiser.organiser_id, name, website,
            (
                select count(*) from calendar_event
                where calendar_event.organiser_id = organiser.organiser_id
            ) as events
        from organiser
        where lower(name) like all($1::text[])
        order by lower(name)
        offset $2
        limit $3
        """,
        [pattern(word) for word in words],
        offset,
        most,
    )
    return [OrganiserUse(*row) for row in rows]


async def count_organisers(connection: Connection, words: Sequence[str]) -> int:
    """Return how many organisers `organisers_in_use` finds in all."""
    found: int = await connection.fetchval(
        "select count(*) from organiser where lower(name) like all($1::text[])",
        [pattern(word) for word in words],
    )
    return found

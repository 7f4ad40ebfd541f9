"""Reads and writes associations' links and which events are whose."""

from datetime import datetime
from uuid import UUID

import msgspec

from services.events.associations.model import Association, OwnEvent
from services.events.store.events import find_event, lock_event, read_events
from shared.database import Connection


class Linked(msgspec.Struct, frozen=True, kw_only=True):
    """An association with its link, if it has one."""

    organiser_id: UUID
    name: str
    contact_email: str
    made_by: str | None
    made_at: datetime | None
    waiting: int
    """How many of its events wait for a review."""


class AskedCancellation(msgspec.Struct, frozen=True, kw_only=True):
    """A published event that its association wants called off."""

    calendar_event_id: UUID
    title: str
    starts: datetime
    name: str
    reason: str
    asked_at: datetime


async def find_by_link(connection: Connection, token_hash: bytes) -> Association | None:
    """Return whose link this is; None if nobody's, or not any more."""
    row = await connection.fetchrow(
        """
        select organiser_id, name
        from organiser_link
        join organiser using (organiser_id)
        where token_hash = $1 and revoked_at is null
        """,
        token_hash,
    )
    return Association(*row) if row else None


async def find_association(connection: Connection, organiser_id: UUID) -> Association | None:
    """Return an organiser as an association that may hold a link, None if there is none."""
    row = await connection.fetchrow(
        "select organiser_id, name from organiser where organiser_id = $1", organiser_id
    )
    return Association(*row) if row else None


async def linked(connection: Connection) -> list[Linked]:
    """Return all organisers by name, each with its link."""
    rows = await connection.fetch(
        """
        select organiser_id, name, contact_email, made_by, made_at,
            (
                select count(*) from submission
                join calendar_event using (calendar_event_id)
                where submission.organiser_id = organiser.organiser_id and state = 'submitted'
            ) as waiting
        from organiser
        left join organiser_link using (organiser_id)
        where revoked_at is null
        union all
        select organiser_id, name, contact_email, null, null, 0
        from organiser
        where exists (
            select from organiser_link
            where organiser_link.organiser_id = organiser.organiser_id
        ) and not exists (
            select from organiser_link
            where organiser_link.organiser_id = organiser.organiser_id and revoked_at is null
        )
        order by name
        """
    )
    return [Linked(**row) for row in rows]


async def add_organiser(transaction: Connection, name: str) -> UUID | None:
    """Add an organiser and return its id; None if there is one of this name."""
    made: UUID | None = await transaction.fetchval(
        """
        insert into organiser (version, name, website, changed_at)
        values (1, $1, '', now())
        on conflict do nothing
        returning organiser_id
        """,
        name,
    )
    return made


async def save_contact(transaction: Connection, organiser_id: UUID, email: str) -> None:
    """Note where an association is told what became of its events; empty for nowhere."""
    await transaction.execute(
        "update organiser set contact_email = $2 where organiser_id = $1", organiser_id, email
    )


async def revoke_link(transaction: Connection, organiser_id: UUID) -> bool:
    """Make an association's link useless; tell whether it had one."""
    done: str = await transaction.execute(
        """
        update organiser_link set revoked_at = now()
        where organiser_id = $1 and revoked_at is null
        """,
        organiser_id,
    )
    return done != "UPDATE 0"


async def add_link(transaction: Connection, organiser_id: UUID, token_hash: bytes, by: str) -> None:
    """Keep a new link, of which only the hash is known."""
    await transaction.execute(
        "insert into organiser_link (organiser_id, token_hash, made_by) values ($1, $2, $3)",
        organiser_id,
        token_hash,
        by,
    )


async def add_submission(
    transaction: Connection, calendar_event_id: UUID, organiser_id: UUID
) -> None:
    """Note whose event it is."""
    await transaction.execute(
        "insert into submission (calendar_event_id, organiser_id) values ($1, $2)",
        calendar_event_id,
        organiser_id,
    )


async def own_events(connection: Connection, organiser_id: UUID, most: int) -> list[OwnEvent]:
    """Return the events that an association has written, those changed last first."""
    rows = await connection.fetch(
        """
        select calendar_event_id, cancellation_reason, cancellation_asked_at
        from submission
        join calendar_event using (calendar_event_id)
        where submission.organiser_id = $1
        order by changed_at desc, calendar_event_id
        limit $2
        """,
        organiser_id,
        most,
    )
    found = await read_events(connection, [row["calendar_event_id"] for row in rows])
    by_id = {event.calendar_event_id: event for event in found}
    return [OwnEvent(by_id[event_id], reason, asked_at) for event_id, reason, asked_at in rows]


async def find_own(
    connection: Connection, organiser_id: UUID, calendar_event_id: UUID
) -> OwnEvent | None:
    """Return one of an association's events, None if it has none of this id."""
    row = await connection.fetchrow(
        """
        select cancellation_reason, cancellation_asked_at
        from submission
        where calendar_event_id = $1 and organiser_id = $2
        """,
        calendar_event_id,
        organiser_id,
    )
    event = await find_event(connection, calendar_event_id) if row else None
    return OwnEvent(event, *row) if row and event else None


async def lock_own(
    transaction: Connection, organiser_id: UUID, calendar_event_id: UUID
) -> OwnEvent | None:
    """Return one of an association's events and keep others from changing it."""
    if await lock_event(transaction, calendar_event_id) is None:
        return None
    return await find_own(transaction, organiser_id, calendar_event_id)


async def count_open(connection: Connection, organiser_id: UUID) -> int:
    """Return how many of an association's events wait to be finished or reviewed."""
    found: int = await connection.fetchval(
        """
        select count(*)
        from submission
        join calendar_event using (calendar_event_id)
        where submission.organiser_id = $1 and state in ('draft', 'submitted', 'returned')
        """,
        organiser_id,
    )
    return found


async def count_saved_today(connection: Connection, organiser_id: UUID) -> int:
    """Return how many versions of an association's events were written in the last 24 hours."""
    found: int = await connection.fetchval(
        """
        select count(*)
        from submission
        join event_revision using (calendar_event_id)
        where organiser_id = $1 and made_at > now() - interval '1 day'
        """,
        organiser_id,
    )
    return found


async def save_cancellation(
    transaction: Connection, calendar_event_id: UUID, reason: str, asked_at: datetime | None
) -> None:
    """Note that, and why, an association wants its event called off; empty and None: not."""
    await transaction.execute(
        """
        update submission set cancellation_reason = $2, cancellation_asked_at = $3
        where calendar_event_id = $1
        """,
        calendar_event_id,
        reason,
        asked_at,
    )


async def asked_cancellations(connection: Connection) -> list[AskedCancellation]:
    """Return what associations want called off and is not yet, those that wait longest first."""
    rows = await connection.fetch(
        """
        select calendar_event_id, title, starts, name, cancellation_reason as reason,
            cancellation_asked_at as asked_at
        from submission
        join calendar_event using (calendar_event_id)
        join organiser on organiser.organiser_id = submission.organiser_id
        where cancellation_asked_at is not null and state in ('published', 'postponed')
        order by cancellation_asked_at
        limit 100
        """
    )
    return [AskedCancellation(**row) for row in rows]

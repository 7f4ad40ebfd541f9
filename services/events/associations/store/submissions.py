"""Reads and writes which events are whose, and what associations want called off."""

from datetime import datetime
from uuid import UUID

import msgspec

from services.events.associations.model import OwnEvent
from services.events.store.events import find_event, lock_event, read_events
from shared.database import Connection


class AskedCancellation(msgspec.Struct, frozen=True, kw_only=True):
    """A published event that its association wants called off."""

    calendar_event_id: UUID
    title: str
    starts: datetime
    name: str
    reason: str
    asked_at: datetime


async def add_submission(
    transaction: Connection, calendar_event_id: UUID, organiser_id: UUID
) -> None:
    """Note whose event it is."""
    await transaction.execute(
        "insert into submission (calendar_event_id, organiser_id) values ($1, $2)",
        calendar_event_id,
        organiser_id,
    )


async def hand_over(transaction: Connection, organiser_id: UUID, into_id: UUID) -> None:
    """Let an organiser have the events, the address and the link of another that is the same.

    Where it has a link or an address of its own, that one stays.
    """
    await transaction.execute(
        "update submission set organiser_id = $2 where organiser_id = $1", organiser_id, into_id
    )
    await transaction.execute(
        """
        update organiser
        set contact_email = other.contact_email,
            contact_undeliverable_at = other.contact_undeliverable_at
        from organiser as other
        where organiser.organiser_id = $2 and other.organiser_id = $1
        and organiser.contact_email = ''
        """,
        organiser_id,
        into_id,
    )
    await transaction.execute(
        """
        update organiser_link set organiser_id = $2
        where organiser_id = $1 and revoked_at is null and not exists (
            select from organiser_link as own
            where own.organiser_id = $2 and own.revoked_at is null
        )
        """,
        organiser_id,
        into_id,
    )


async def hand_submission_over(transaction: Connection, gone_id: UUID, kept_id: UUID) -> None:
    """Let an association find the event that stays where its own is the same and goes."""
    await transaction.execute(
        """
        update submission set calendar_event_id = $2
        where calendar_event_id = $1 and not exists (
            select from submission as other where other.calendar_event_id = $2
        )
        """,
        gone_id,
        kept_id,
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

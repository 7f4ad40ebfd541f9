"""Keeps the waiting list of an honouring event.

Whoever changes an invitation that waits or is offered places has locked the event's balance before,
so that the queue can be worked while the balance is locked, without waiting for anybody.
"""

from uuid import UUID

import asyncpg

from services.recognition.honouring.model import Party, Places
from services.recognition.honouring.waitlist import Position, Prospect, Waiting
from shared.database import Connection


async def prospect(connection: Connection, honouring_event_id: UUID) -> Prospect:
    """Return what is left and whether there is a queue, without locking anything."""
    row = await connection.fetchrow(
        """
        select
            volunteer, protocol, standard, wheelchair, companion,
            exists (
                select from invitation
                where
                    invitation.honouring_event_id = free_place.honouring_event_id
                    and state = 'waitlisted'
            ) as somebody_waits
        from free_place
        where honouring_event_id = $1
        """,
        honouring_event_id,
    )
    if row is None:
        raise LookupError(honouring_event_id)
    left = Places(**{name: row[name] for name in Places.__struct_fields__})
    return Prospect(left, row["somebody_waits"])


async def lock_queue(transaction: Connection, honouring_event_id: UUID) -> None:
    """Lock the event's balance, and with it the queue, until the transaction ends."""
    await transaction.execute(
        "select from place_balance where honouring_event_id = $1 for no key update",
        honouring_event_id,
    )


async def event_of_waiting(connection: Connection, invitation_id: UUID) -> UUID | None:
    """Return the event in whose queue an invitation stands; None if it does not wait."""
    found: UUID | None = await connection.fetchval(
        """
        select honouring_event_id from invitation
        where invitation_id = $1 and state in ('waitlisted', 'offered')
        """,
        invitation_id,
    )
    return found


async def kinds_of_parties(connection: Connection, honouring_event_id: UUID) -> list[Places]:
    """Return what the waiting parties need, each different need once."""
    rows = await connection.fetch(
        """
        select distinct category, seats, needs_wheelchair, with_access_companion
        from invitation
        where honouring_event_id = $1 and state = 'waitlisted'
        """,
        honouring_event_id,
    )
    return [_needed(row) for row in rows]


async def queue(transaction: Connection, honouring_event_id: UUID) -> list[Waiting]:
    """Return who waits, the longest first."""
    rows = await transaction.fetch(
        """
        select
            invitation_id, waits_since, category, seats, needs_wheelchair, with_access_companion
        from invitation
        where honouring_event_id = $1 and state = 'waitlisted'
        order by waits_since, invitation_id
        """,
        honouring_event_id,
    )
    return [
        Waiting(
            invitation_id=row["invitation_id"],
            waits_since=row["waits_since"],
            places=_needed(row),
        )
        for row in rows
    ]


async def position(connection: Connection, invitation_id: UUID) -> Position | None:
    """Return where an invitation stands on its event's waiting list; None if it does not wait."""
    row = await connection.fetchrow(
        """
        select
            count(*) filter (
                where (other.waits_since, other.invitation_id)
                <= (own.waits_since, own.invitation_id)
            ) as place,
            count(*) as parties
        from invitation as own
        inner join invitation as other
            on own.honouring_event_id = other.honouring_event_id and other.state = 'waitlisted'
        where own.invitation_id = $1 and own.state = 'waitlisted'
        group by own.invitation_id
        """,
        invitation_id,
    )
    return Position(*row) if row else None


def _needed(row: asyncpg.Record) -> Places:
    return Party(
        seats=row["seats"],
        needs_wheelchair=row["needs_wheelchair"],
        with_access_companion=row["with_access_companion"],
    ).places(row["category"])

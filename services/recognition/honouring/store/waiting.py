"""Keeps the waiting list of an honouring event, and the offers made to those on it.

Whoever changes an invitation that waits or is offered places has locked the event's balance before,
so that the queue can be worked while the balance is locked, without waiting for anybody.
"""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import msgspec

from services.recognition.honouring.model import GuestCategory, Party, Places
from services.recognition.honouring.waitlist import Waiting
from shared.database import Connection


class Prospect(msgspec.Struct, frozen=True):
    """What somebody who answers now can expect."""

    left: Places
    somebody_waits: bool


class Advanced(msgspec.Struct, frozen=True):
    """An invitation that was offered places, or that has lost its offer."""

    invitation_id: UUID
    version: int
    category: GuestCategory
    seats: int
    """As they are offered, or were until the offer ended."""
    needs_wheelchair: bool
    with_access_companion: bool

    @property
    def party(self) -> Party:
        """Return who was offered places, without their names."""
        return Party(
            seats=self.seats,
            needs_wheelchair=self.needs_wheelchair,
            with_access_companion=self.with_access_companion,
        )


class Position(msgspec.Struct, frozen=True):
    """Where a party stands on the waiting list, counted from 1."""

    place: int
    parties: int
    """How many parties wait."""


async def prospect(connection: Connection, honouring_event_id: UUID) -> Prospect:
    """Return what is left and whether there is a queue, without locking anything."""
    row = await connection.fetchrow(
        """
        select
            volunteer_capacity - volunteer_taken as volunteer,
            protocol_capacity - protocol_taken as protocol,
            standard_capacity - standard_taken as standard,
            wheelchair_capacity - wheelchair_taken as wheelchair,
            companion_capacity - companion_taken as companion,
            exists (
                select from invitation
                where
                    invitation.honouring_event_id = place_balance.honouring_event_id
                    and state = 'waitlisted'
            ) as somebody_waits
        from place_balance
        where honouring_event_id = $1
        """,
        honouring_event_id,
    )
    if row is None:
        raise LookupError(honouring_event_id)
    *left, somebody_waits = row
    return Prospect(
        Places(**dict(zip(Places.__struct_fields__, left, strict=True))), somebody_waits
    )


async def lock_queue(transaction: Connection, honouring_event_id: UUID) -> None:
    """Lock the event's balance, and with it the queue, until the transaction ends."""
    await transaction.execute(
        "select from place_balance where honouring_event_id = $1 for no key update",
        honouring_event_id,
    )


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
            places=Party(
                seats=row["seats"],
                needs_wheelchair=row["needs_wheelchair"],
                with_access_companion=row["with_access_companion"],
            ).places(row["category"]),
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


async def offer(
    transaction: Connection, invitation_ids: Sequence[UUID], offered_until: datetime
) -> list[Advanced]:
    """Turn waiting parties into offers that end at a time, and note it in their history."""
    rows = await transaction.fetch(
        """
        with offered as (
            update invitation set
                version = version + 1, state = 'offered', offered_until = $2
            where invitation_id = any($1) and state = 'waitlisted'
            returning *
        ),
        noted as (
            insert into answer_history (
                invitation_id, version, state, seats, needs_wheelchair, with_access_companion,
                companion_name, answered_via, answered_by
            )
            select
                invitation_id, version, state, seats, needs_wheelchair, with_access_companion,
                companion_name, 'timer', 'waitlist'
            from offered
        )
        select
            invitation_id, version, category, seats, needs_wheelchair, with_access_companion
        from offered
        order by waits_since, invitation_id
        """,
        invitation_ids,
        offered_until,
    )
    return [Advanced(*row) for row in rows]


async def pass_over(transaction: Connection, invitation_ids: Sequence[UUID]) -> None:
    """Count that smaller parties behind these were offered places."""
    await transaction.execute(
        "update invitation set passed_over = passed_over + 1 where invitation_id = any($1)",
        invitation_ids,
    )


async def event_with_lapsed_offers(transaction: Connection) -> UUID | None:
    """Lock the balance of one event whose offers have ended; None if there is none to work on."""
    found: UUID | None = await transaction.fetchval(
        """
        select honouring_event_id from place_balance
        where exists (
            select from invitation
            where
                invitation.honouring_event_id = place_balance.honouring_event_id
                and state = 'offered'
                and offered_until < now()
        )
        order by honouring_event_id
        limit 1
        for no key update skip locked
        """
    )
    return found


async def lapse(transaction: Connection, honouring_event_id: UUID) -> list[Advanced]:
    """End the offers of an event that were not taken in time, and note it in their history."""
    rows = await transaction.fetch(
        """
        with lapsing as (
            select invitation_id, seats, needs_wheelchair, with_access_companion from invitation
            where honouring_event_id = $1 and state = 'offered' and offered_until < now()
        ),
        lapsed as (
            update invitation set
                version = version + 1, state = 'expired', seats = 0, needs_wheelchair = false,
                with_access_companion = false, companion_name = '', access_needs = '{}',
                waits_since = null, offered_until = null
            from lapsing
            where invitation.invitation_id = lapsing.invitation_id
            returning
                invitation.invitation_id, invitation.version, invitation.category, lapsing.seats,
                lapsing.needs_wheelchair, lapsing.with_access_companion
        ),
        noted as (
            insert into answer_history (
                invitation_id, version, state, seats, needs_wheelchair, with_access_companion,
                companion_name, answered_via, answered_by
            )
            select invitation_id, version, 'expired', 0, false, false, '', 'timer', 'timer'
            from lapsed
        )
        select
            invitation_id, version, category, seats, needs_wheelchair, with_access_companion
        from lapsed
        """,
        honouring_event_id,
    )
    return [Advanced(*row) for row in rows]

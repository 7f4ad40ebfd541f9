"""Keeps the offers made to those who wait: made, passed by, and ended (Nachrücken).

All of it happens while the event's balance is locked; see `waiting`.
"""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import msgspec

from services.recognition.honouring.model import GuestCategory, Party
from shared.database import Connection


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
    """Lock the balance of one event whose offers have ended; None if there is none to work on.

    Offers for an event that was called off do not end: nobody needs to hear of them any more.
    """
    found: UUID | None = await transaction.fetchval(
        """
        select place_balance.honouring_event_id from place_balance
        inner join honouring_event as event using (honouring_event_id)
        where
            event.phase <> 'cancelled'
            and exists (
                select from invitation
                where
                    invitation.honouring_event_id = place_balance.honouring_event_id
                    and state = 'offered'
                    and offered_until < now()
            )
        order by place_balance.honouring_event_id
        limit 1
        for no key update of place_balance skip locked
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

"""Puts messages into the ledger as facts do, sorted and ready to be sent."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

import msgspec

from services.notifier.commands.follow_invitations import FollowInvitations, follow_invitations
from services.notifier.model import InvitationFact
from services.notifier.sorting import sort_queued
from shared.contracts.notifier import MessageFailed, MessageSent
from shared.contracts.recognition import (
    GuestDetails,
    GuestInvited,
    InvitationAccepted,
    InvitationDeclined,
    InvitationWaitlisted,
    ReplacementLapsed,
    ReplacementOffered,
)
from shared.database import Pool, transaction
from shared.telemetry import new_traceparent
from tests.notifier.neighbours import Neighbours


class Row(msgspec.Struct, frozen=True):
    """A line of the ledger."""

    message_id: UUID
    purpose: str
    channel: str | None
    state: str
    attempts: int
    smtp_code: int | None
    reason: str
    possible_duplicate: bool


def told(guest: GuestDetails) -> InvitationFact:
    """Return the fact that has led to the guest's present state."""
    about: dict[str, Any] = {
        "invitation_id": guest.invitation_id,
        "version": guest.version,
        "honouring_event_id": guest.honouring_event_id,
    }
    match guest.state:
        case "invited":
            return GuestInvited(
                invitation_wave_id=guest.invitation_wave_id, person_id=guest.person_id, **about
            )
        case "accepted":
            return InvitationAccepted(seats=guest.seats, **about)
        case "declined":
            return InvitationDeclined(**about)
        case "waitlisted":
            return InvitationWaitlisted(seats=guest.seats, **about)
        case "offered":
            until = guest.offered_until or guest.answer_by
            return ReplacementOffered(seats=guest.seats, offered_until=until, **about)
        case "expired":
            return ReplacementLapsed(**about)


async def hear(pool: Pool, *guests: GuestDetails) -> None:
    """Have notifier hear what has happened to these guests."""
    async with transaction(pool) as opened:
        facts = tuple(told(guest) for guest in guests)
        traceparents = tuple(new_traceparent() for _ in facts)
        await follow_invitations(opened, FollowInvitations(facts=facts, traceparents=traceparents))


async def sorted_out(pool: Pool, neighbours: Neighbours, *guests: GuestDetails) -> None:
    """Hear of these guests and sort their messages into mails and letters."""
    await hear(pool, *guests)
    while await sort_queued(pool, neighbours.asks):
        pass


async def rows(pool: Pool) -> Sequence[Row]:
    """Return the ledger in its order."""
    found = await pool.fetch(
        """
        select message_id, purpose, channel, state, attempts, smtp_code, reason,
               possible_duplicate
        from message order by message_id
        """
    )
    return [Row(*row) for row in found]


async def row(pool: Pool) -> Row:
    """Return the ledger's only line."""
    (only,) = await rows(pool)
    return only


async def be_due(pool: Pool) -> None:
    """Let the time until the next tries pass."""
    await pool.execute("update message set next_try_at = now() - interval '1 second'")


async def let_leases_end(pool: Pool) -> None:
    """Let the time pass that a worker has for a mail."""
    await pool.execute(
        "update message set lease_until = now() - interval '1 second' where lease_until is not null"
    )


async def recorded(
    pool: Pool, kind: type[MessageSent | MessageFailed]
) -> list[MessageSent | MessageFailed]:
    """Return the facts of this kind that stand in the outbox."""
    bodies = await pool.fetch(
        "select body from outbox where subject = $1 order by position", kind.subject
    )
    return [msgspec.json.decode(found["body"], type=kind) for found in bodies]

"""Reads invitations together with what is needed to write to their guests."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import msgspec

from services.recognition.honouring.model import Party, Ticket, instant
from shared.contracts.recognition import InvitationState
from shared.database import Connection


class Addressee(msgspec.Struct, frozen=True, kw_only=True):
    """An invitation with its event, for a mail or a letter about it."""

    invitation_id: UUID
    version: int
    person_id: UUID
    state: InvitationState
    invitation_wave_id: UUID
    honouring_event_id: UUID
    most_seats: int
    seats: int
    needs_wheelchair: bool
    with_access_companion: bool
    companion_name: str
    offered_until: datetime | None
    answer_by: datetime
    title: str
    programme: str
    venue_name: str
    venue_address: str
    starts_at: datetime
    ends_at: datetime
    doors_open_at: datetime
    zone: str
    is_cancelled: bool

    @property
    def party(self) -> Party:
        """Return who comes, waits or is offered places."""
        return Party(
            seats=self.seats,
            needs_wheelchair=self.needs_wheelchair,
            with_access_companion=self.with_access_companion,
            companion_name=self.companion_name,
        )

    @property
    def ends(self) -> datetime:
        """Return the instant at which the event ends."""
        return instant(self.ends_at, self.zone)

    @property
    def answer_until(self) -> datetime:
        """Return until when an answer is awaited: by the wave, or by a later offer."""
        return max(self.answer_by, self.offered_until or self.answer_by)


async def addressees(connection: Connection, invitation_ids: Sequence[UUID]) -> list[Addressee]:
    """Return these invitations, without those that were taken back or do not exist."""
    rows = await connection.fetch(
        """
        select
            invitation.invitation_id, invitation.version, invitation.person_id, invitation.state,
            invitation.invitation_wave_id, invitation.honouring_event_id, invitation.most_seats,
            invitation.seats, invitation.needs_wheelchair, invitation.with_access_companion,
            invitation.companion_name, invitation.offered_until, wave.answer_by, event.title,
            event.programme, event.venue_name, event.venue_address, event.starts_at,
            event.ends_at, event.doors_open_at, event.zone,
            event.phase = 'cancelled' as is_cancelled
        from invitation
        inner join invitation_wave as wave
            on invitation.invitation_wave_id = wave.invitation_wave_id
        inner join honouring_event as event
            on invitation.honouring_event_id = event.honouring_event_id
        where invitation.invitation_id = any($1) and invitation.state <> 'cancelled'
        """,
        invitation_ids,
    )
    return [Addressee(**row) for row in rows]


async def tickets_of(
    connection: Connection, invitation_ids: Sequence[UUID]
) -> dict[UUID, list[Ticket]]:
    """Return the valid tickets of these invitations, the guest's own first."""
    rows = await connection.fetch(
        """
        select
            ticket_id, version, invitation_id, honouring_event_id, holder_name, admission,
            short_code, issued_at, cancelled_at
        from ticket
        where invitation_id = any($1) and cancelled_at is null
        order by ticket_id
        """,
        invitation_ids,
    )
    found: dict[UUID, list[Ticket]] = defaultdict(list)
    for row in rows:
        found[row["invitation_id"]].append(Ticket(**row))
    return found

"""Keeps the waves of invitations, and makes the invitations of a wave with one statement."""

from datetime import datetime
from uuid import UUID

import msgspec

from services.recognition.honouring.model import GuestCategory
from shared.database import Connection


class InvitationWave(msgspec.Struct, frozen=True, kw_only=True):
    """A batch of invitations with one deadline (Einladungswelle)."""

    invitation_wave_id: UUID
    honouring_event_id: UUID
    number: int
    answer_by: datetime
    invited: int
    sent_by: str
    sent_at: datetime


class SentWave(msgspec.Struct, frozen=True, kw_only=True):
    """A wave with what has come back."""

    invitation_wave_id: UUID
    number: int
    answer_by: datetime
    sent_by: str
    sent_at: datetime
    invited: int
    accepted: int
    declined: int
    waiting: int
    silent: int


class Channel(msgspec.Struct, frozen=True, kw_only=True):
    """How many selected people of a category wait for an invitation, and how it reaches them."""

    category: GuestCategory
    by_email: int
    by_letter: int

    @property
    def people(self) -> int:
        """Return how many that are."""
        return self.by_email + self.by_letter


class Invited(msgspec.Struct, frozen=True, kw_only=True):
    """An invitation that was made just now."""

    invitation_id: UUID
    person_id: UUID
    version: int


async def channels(connection: Connection, honouring_event_id: UUID) -> list[Channel]:
    """Return who would be invited now, in numbers; categories without anybody are left out."""
    rows = await connection.fetch(
        """
        select
            proposal.category,
            count(*) filter (where coalesce(person.has_email, false)) as by_email,
            count(*) filter (where not coalesce(person.has_email, false)) as by_letter
        from guest_proposal as proposal
        left join known_person as person on person.person_id = proposal.person_id
        where
            proposal.honouring_event_id = $1
            and proposal.state = 'selected'
            and not exists (
                select from invitation
                where
                    invitation.honouring_event_id = proposal.honouring_event_id
                    and invitation.person_id = proposal.person_id
            )
        group by proposal.category
        order by proposal.category desc
        """,
        honouring_event_id,
    )
    return [Channel(**row) for row in rows]


async def add(
    transaction: Connection, honouring_event_id: UUID, answer_by: datetime, sent_by: str
) -> UUID:
    """Add the next wave of an event, still without invitations, and return its id."""
    invitation_wave_id: UUID = await transaction.fetchval(
        """
        insert into invitation_wave (honouring_event_id, number, answer_by, invited, sent_by)
        select
            $1, (select count(*) + 1 from invitation_wave where honouring_event_id = $1), $2, 0, $3
        returning invitation_wave_id
        """,
        honouring_event_id,
        answer_by,
        sent_by,
    )
    return invitation_wave_id


async def invite(
    transaction: Connection,
    invitation_wave_id: UUID,
    categories: list[GuestCategory],
    most_seats: int,
) -> list[Invited]:
    """Invite everybody of these categories who is selected and has no invitation yet."""
    rows = await transaction.fetch(
        """
        with wave as (
            select invitation_wave_id, honouring_event_id from invitation_wave
            where invitation_wave_id = $1
        ),
        invited as (
            insert into invitation (
                honouring_event_id, invitation_wave_id, person_id, category, most_seats
            )
            select
                wave.honouring_event_id, wave.invitation_wave_id, proposal.person_id,
                proposal.category, $3
            from guest_proposal as proposal
            join wave on wave.honouring_event_id = proposal.honouring_event_id
            where proposal.state = 'selected' and proposal.category = any($2)
            order by proposal.guest_proposal_id
            on conflict (honouring_event_id, person_id) do nothing
            returning invitation_id, person_id, version
        ),
        counted as (
            update invitation_wave set invited = (select count(*) from invited)
            where invitation_wave_id = $1
        )
        select invitation_id, person_id, version from invited
        """,
        invitation_wave_id,
        categories,
        most_seats,
    )
    return [Invited(**row) for row in rows]


async def listed(connection: Connection, honouring_event_id: UUID) -> list[SentWave]:
    """Return the waves of an event in their order, with the answers so far."""
    rows = await connection.fetch(
        """
        select
            wave.invitation_wave_id, wave.number, wave.answer_by, wave.sent_by, wave.sent_at,
            wave.invited,
            count(*) filter (where invitation.state = 'accepted') as accepted,
            count(*) filter (where invitation.state = 'declined') as declined,
            count(*) filter (where invitation.state in ('waitlisted', 'offered')) as waiting,
            count(*) filter (where invitation.state in ('invited', 'expired')) as silent
        from invitation_wave as wave
        left join invitation on invitation.invitation_wave_id = wave.invitation_wave_id
        where wave.honouring_event_id = $1
        group by wave.invitation_wave_id
        order by wave.number
        """,
        honouring_event_id,
    )
    return [SentWave(**row) for row in rows]


async def extend_links(
    transaction: Connection, honouring_event_id: UUID, expires_at: datetime
) -> None:
    """Let the guests' links of an event work at least until then."""
    await transaction.execute(
        """
        update capability_link set expires_at = greatest(expires_at, $2)
        from invitation
        where
            capability_link.invitation_id = invitation.invitation_id
            and invitation.honouring_event_id = $1
        """,
        honouring_event_id,
        expires_at,
    )

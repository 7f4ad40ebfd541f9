"""Finds what a clerk at the desk looks for: a guest by name, and what was answered before."""

from datetime import datetime
from uuid import UUID

import msgspec

from services.recognition.honouring.model import InvitationState
from shared.database import Connection


class PastAnswer(msgspec.Struct, frozen=True):
    """One line of an invitation's history."""

    state: InvitationState
    seats: int
    answered_via: str
    """`link`, `code`, `phone`, `letter`, or `timer` for what time has done."""
    answered_by: str
    answered_at: datetime


class FoundGuest(msgspec.Struct, frozen=True):
    """A guest whose answer can be taken down."""

    invitation_id: UUID
    honouring_event_id: UUID
    title: str
    given_name: str
    family_name: str
    organisation_name: str
    state: InvitationState


async def guests_named(connection: Connection, part_of_name: str, most: int) -> list[FoundGuest]:
    """Return up to `most` guests of events that are still to come, by name."""
    rows = await connection.fetch(
        """
        select
            invitation_id, invitation.honouring_event_id, event.title, person.given_name,
            person.family_name, coalesce(organisation.name, '') as organisation_name,
            invitation.state
        from invitation
        inner join known_person as person using (person_id)
        inner join honouring_event as event
            on invitation.honouring_event_id = event.honouring_event_id
        left join guest_proposal as proposal
            on
                invitation.honouring_event_id = proposal.honouring_event_id
                and invitation.person_id = proposal.person_id
        left join known_organisation as organisation using (organisation_id)
        where
            event.phase = 'inviting'
            and invitation.state <> 'cancelled'
            and position(lower($1) in person.search_name) > 0
        order by person.family_name, person.given_name, invitation_id
        limit $2
        """,
        part_of_name,
        most,
    )
    return [FoundGuest(*row) for row in rows]


async def history(connection: Connection, invitation_id: UUID) -> list[PastAnswer]:
    """Return every answer to an invitation and what became of it, newest first."""
    rows = await connection.fetch(
        """
        select state, seats, answered_via, answered_by, answered_at
        from answer_history
        where invitation_id = $1
        order by version desc
        """,
        invitation_id,
    )
    return [PastAnswer(*row) for row in rows]

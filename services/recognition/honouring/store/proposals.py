"""Keeps the people who are proposed as guests."""

from uuid import UUID

import msgspec

from services.recognition.honouring.draw import Candidate
from services.recognition.honouring.model import GuestCategory
from services.recognition.honouring.nomination import GuestProposal, ProposalState
from shared.database import Connection


class NewProposal(msgspec.Struct, frozen=True, kw_only=True):
    """A proposal to be kept."""

    honouring_event_id: UUID
    person_id: UUID
    organisation_id: UUID | None
    category: GuestCategory
    state: ProposalState
    proposed_by: str


class ProposalCount(msgspec.Struct, frozen=True, kw_only=True):
    """How many proposals of a category are in a state."""

    category: GuestCategory
    state: ProposalState
    proposals: int


async def add(transaction: Connection, proposal: NewProposal) -> UUID | None:
    """Keep a proposal and return its id; None if somebody has proposed the person already.

    One that was withdrawn gives way to the new one.
    """
    guest_proposal_id: UUID | None = await transaction.fetchval(
        """
        insert into guest_proposal (
            honouring_event_id, person_id, organisation_id, category, state, proposed_by
        )
        values ($1, $2, $3, $4, $5, $6)
        on conflict (honouring_event_id, person_id) do update set
            organisation_id = excluded.organisation_id,
            category = excluded.category,
            state = excluded.state,
            proposed_by = excluded.proposed_by,
            proposed_at = now()
        where guest_proposal.state = 'withdrawn'
        returning guest_proposal_id
        """,
        *msgspec.structs.astuple(proposal),
    )
    return guest_proposal_id


async def find(connection: Connection, guest_proposal_id: UUID) -> GuestProposal | None:
    """Return a proposal; None if there is none with this id."""
    row = await connection.fetchrow(
        """
        select
            proposal.guest_proposal_id, proposal.honouring_event_id, proposal.organisation_id,
            coalesce(organisation.name, '') as organisation_name, proposal.person_id,
            coalesce(person.given_name, '') as given_name,
            coalesce(person.family_name, '') as family_name,
            proposal.category, proposal.state, proposal.proposed_at
        from guest_proposal as proposal
        left join known_person as person on person.person_id = proposal.person_id
        left join known_organisation as organisation
            on organisation.organisation_id = proposal.organisation_id
        where proposal.guest_proposal_id = $1
        """,
        guest_proposal_id,
    )
    return GuestProposal(**row) if row is not None else None


async def take_back(transaction: Connection, guest_proposal_id: UUID, state: ProposalState) -> bool:
    """Set the state of a proposal whose person has not been invited, and tell whether it was so."""
    taken_back = await transaction.fetchval(
        """
        update guest_proposal set state = $2
        where
            guest_proposal_id = $1
            and state in ('proposed', 'selected', 'carried_over')
            and not exists (
                select from invitation
                where
                    invitation.honouring_event_id = guest_proposal.honouring_event_id
                    and invitation.person_id = guest_proposal.person_id
            )
        returning true
        """,
        guest_proposal_id,
        state,
    )
    return taken_back is not None


async def readmit(transaction: Connection, guest_proposal_id: UUID, state: ProposalState) -> bool:
    """Set the state of a refused proposal, and tell whether it was refused."""
    readmitted = await transaction.fetchval(
        """
        update guest_proposal set state = $2
        where guest_proposal_id = $1 and state = 'refused'
        returning true
        """,
        guest_proposal_id,
        state,
    )
    return readmitted is not None


async def count_of(connection: Connection, honouring_event_id: UUID, organisation_id: UUID) -> int:
    """Count the proposals that use up an association's quota."""
    count: int = await connection.fetchval(
        """
        select count(*) from guest_proposal
        where
            honouring_event_id = $1
            and organisation_id = $2
            and state in ('proposed', 'selected', 'carried_over')
        """,
        honouring_event_id,
        organisation_id,
    )
    return count


async def counts(connection: Connection, honouring_event_id: UUID) -> list[ProposalCount]:
    """Return how many proposals there are of each category and state."""
    rows = await connection.fetch(
        """
        select category, state, count(*) as proposals from guest_proposal
        where honouring_event_id = $1
        group by category, state
        order by category, state
        """,
        honouring_event_id,
    )
    return [ProposalCount(**row) for row in rows]


async def candidates(connection: Connection, honouring_event_id: UUID) -> list[Candidate]:
    """Return every volunteer who is proposed and not yet selected, with what the draw looks at."""
    rows = await connection.fetch(
        """
        select
            guest_proposal_id, person_id, organisation_id,
            exists (
                select from carry_over
                where
                    carry_over.person_id = proposal.person_id
                    and carry_over.honouring_event_id <> $1
                    and carry_over.used_by_event_id is null
            ) as was_carried_over,
            exists (
                select from invitation
                where
                    invitation.person_id = proposal.person_id
                    and invitation.honouring_event_id <> $1
            ) as was_invited
        from guest_proposal as proposal
        where
            honouring_event_id = $1
            and category = 'volunteer'
            and state in ('proposed', 'carried_over')
        order by guest_proposal_id
        """,
        honouring_event_id,
    )
    return [Candidate(**row) for row in rows]


async def is_engaged(connection: Connection, person_id: UUID, organisation_id: UUID) -> bool:
    """Tell whether a person volunteers in an association now, as far as registry knows."""
    engaged: bool = await connection.fetchval(
        """
        select exists (
            select from known_engagement
            where
                person_id = $1
                and organisation_id = $2
                and (until_on is null or until_on >= current_date)
        )
        """,
        person_id,
        organisation_id,
    )
    return engaged

"""Lists proposals for the foundation, and an association's own people for its link."""

from uuid import UUID

import msgspec

from services.recognition.honouring.nomination import EngagedPerson, GuestProposal
from shared.database import Connection


class ListedProposal(GuestProposal, frozen=True, kw_only=True):
    """One line of the list of proposals."""

    is_invited: bool
    total: int
    """How many proposals the search finds in all."""


class ProposalPage(msgspec.Struct, frozen=True, kw_only=True):
    """Which proposals of an event are wanted; an empty search or state finds all."""

    honouring_event_id: UUID
    search: str = ""
    """A part of the person's or the association's name."""
    state: str = ""
    offset: int = 0
    rows: int


async def page(connection: Connection, wanted: ProposalPage) -> list[ListedProposal]:
    """Return some of the proposals, by name."""
    rows = await connection.fetch(
        """
        select
            proposal.guest_proposal_id, proposal.honouring_event_id, proposal.organisation_id,
            coalesce(organisation.name, '') as organisation_name, proposal.person_id,
            coalesce(person.given_name, '') as given_name,
            coalesce(person.family_name, '') as family_name,
            proposal.category, proposal.state, proposal.proposed_at,
            invitation.invitation_id is not null as is_invited, count(*) over () as total
        from guest_proposal as proposal
        left join known_person as person on person.person_id = proposal.person_id
        left join known_organisation as organisation
            on organisation.organisation_id = proposal.organisation_id
        left join invitation
            on invitation.honouring_event_id = proposal.honouring_event_id
            and invitation.person_id = proposal.person_id
        where
            proposal.honouring_event_id = $1
            and (
                $2 = ''
                or strpos(coalesce(person.search_name, ''), lower($2)) > 0
                or strpos(lower(coalesce(organisation.name, '')), lower($2)) > 0
            )
            and ($3 = '' or proposal.state = $3)
        order by person.sort_key, proposal.guest_proposal_id
        offset $4 limit $5
        """,
        *msgspec.structs.astuple(wanted),
    )
    return [ListedProposal(**row) for row in rows]


async def of_association(
    connection: Connection, honouring_event_id: UUID, organisation_id: UUID
) -> list[GuestProposal]:
    """Return what an association has proposed for an event, by name, withdrawn ones left out."""
    rows = await connection.fetch(
        """
        select
            proposal.guest_proposal_id, proposal.honouring_event_id, proposal.organisation_id,
            organisation.name as organisation_name, proposal.person_id,
            coalesce(person.given_name, '') as given_name,
            coalesce(person.family_name, '') as family_name,
            proposal.category, proposal.state, proposal.proposed_at
        from guest_proposal as proposal
        inner join known_organisation as organisation
            on organisation.organisation_id = proposal.organisation_id
        left join known_person as person on person.person_id = proposal.person_id
        where
            proposal.honouring_event_id = $1
            and proposal.organisation_id = $2
            and proposal.state <> 'withdrawn'
        order by person.sort_key, proposal.guest_proposal_id
        """,
        honouring_event_id,
        organisation_id,
    )
    return [GuestProposal(**row) for row in rows]


async def engaged_people(
    connection: Connection,
    honouring_event_id: UUID,
    organisation_id: UUID,
    search: str,
    most: int,
) -> list[EngagedPerson]:
    """Return people who volunteer in an association, by name; `search` is a part of the name."""
    rows = await connection.fetch(
        """
        select
            person.person_id, person.given_name, person.family_name,
            case when proposal.state <> 'withdrawn' then proposal.state end as state,
            coalesce(
                proposal.organisation_id = $2 and proposal.state <> 'withdrawn', false
            ) as is_ours
        from known_person as person
        left join guest_proposal as proposal
            on proposal.person_id = person.person_id and proposal.honouring_event_id = $1
        where
            person.person_id in (
                select person_id from known_engagement
                where organisation_id = $2 and (until_on is null or until_on >= current_date)
            )
            and ($3 = '' or strpos(person.search_name, lower($3)) > 0)
        order by person.sort_key, person.person_id
        limit $4
        """,
        honouring_event_id,
        organisation_id,
        search,
        most,
    )
    return [EngagedPerson(**row) for row in rows]

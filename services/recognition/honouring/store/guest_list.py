"""Lists the invited guests of an honouring event: searched, filtered, sorted, page by page."""

from datetime import datetime
from uuid import UUID

import msgspec

from services.recognition.honouring.model import (
    AnsweredVia,
    GuestCategory,
    InvitationState,
    Party,
)
from shared.database import Connection


class GuestPage(msgspec.Struct, frozen=True, kw_only=True):
    """Which guests are wanted and in which order; empty texts do not filter."""

    honouring_event_id: UUID
    search: str = ""
    """A part of the guest's, the plus-one's or the association's name."""
    state: str = ""
    category: str = ""
    needs: str = ""
    """`access`: guests who need a wheelchair place, a companion or something else; `letter`: guests
    whom no mail reaches."""
    sort: str = "name"
    """`name`, `answered` or `association`."""
    descending: bool = False
    offset: int = 0
    rows: int = 50


class ListedGuest(msgspec.Struct, frozen=True, kw_only=True):
    """One line of the guest list."""

    invitation_id: UUID
    given_name: str
    family_name: str
    has_email: bool
    organisation_name: str
    category: GuestCategory
    state: InvitationState
    seats: int
    needs_wheelchair: bool
    with_access_companion: bool
    companion_name: str
    access_needs: tuple[str, ...]
    answered_at: datetime | None
    answered_via: AnsweredVia | None
    total: int
    """How many guests the filter finds in all."""

    @property
    def persons(self) -> int:
        """Return how many people come, wait or are offered places."""
        return Party(seats=self.seats, with_access_companion=self.with_access_companion).persons


async def page(connection: Connection, wanted: GuestPage) -> list[ListedGuest]:
    """Return one page of the guests."""
    found = await connection.fetch(
        """
        with guest as (
            select
                invitation.invitation_id, coalesce(person.given_name, '') as given_name,
                coalesce(person.family_name, '') as family_name,
                coalesce(person.has_email, false) as has_email,
                coalesce(organisation.name, '') as organisation_name, invitation.category,
                invitation.state, invitation.seats, invitation.needs_wheelchair,
                invitation.with_access_companion, invitation.companion_name,
                invitation.access_needs, invitation.answered_at, invitation.answered_via,
                coalesce(person.search_name, '') as search_name
            from invitation
            left join known_person as person on person.person_id = invitation.person_id
            left join guest_proposal as proposal
                on proposal.honouring_event_id = invitation.honouring_event_id
                and proposal.person_id = invitation.person_id
            left join known_organisation as organisation
                on organisation.organisation_id = proposal.organisation_id
            where
                invitation.honouring_event_id = $1
                and ($3 = '' or invitation.state = $3)
                and ($4 = '' or invitation.category = $4)
        )
        select
            invitation_id, given_name, family_name, has_email, organisation_name, category, state,
            seats, needs_wheelchair, with_access_companion, companion_name, access_needs,
            answered_at, answered_via, count(*) over () as total
        from guest
        where
            (
                $2 = ''
                or strpos(search_name, lower($2)) > 0
                or strpos(lower(companion_name), lower($2)) > 0
                or strpos(lower(organisation_name), lower($2)) > 0
            )
            and (
                $5 = ''
                or ($5 = 'letter' and not has_email)
                or (
                    $5 = 'access'
                    and (needs_wheelchair or with_access_companion or access_needs <> '{}')
                )
            )
        order by
            case when $7 then null when $6 = 'answered' then answered_at end asc nulls last,
            case when $7 and $6 = 'answered' then answered_at end desc nulls last,
            case when $7 then null when $6 = 'association' then organisation_name end asc,
            case when $7 and $6 = 'association' then organisation_name end desc,
            case when $7 and $6 = 'name' then family_name end desc,
            family_name, given_name, invitation_id
        limit $9 offset $8
        """,
        wanted.honouring_event_id,
        wanted.search,
        wanted.state,
        wanted.category,
        wanted.needs,
        wanted.sort,
        wanted.descending,
        wanted.offset,
        wanted.rows,
    )
    return [ListedGuest(**row) for row in found]

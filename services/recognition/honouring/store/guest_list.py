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
    rows = await connection.fetch(
        """
        select
            invitation_id, given_name, family_name, has_email, organisation_name, category, state,
            seats, needs_wheelchair, with_access_companion, companion_name, access_needs,
            answered_at, answered_via, count(*) over () as total
        from guest_line
        cross join lateral (
            select case $6
                when 'answered' then answered_key
                when 'association' then association_key
                else name_key
            end as sort_key
        ) as sorted
        where
            honouring_event_id = $1
            and ($2 = '' or strpos(search_text, lower($2)) > 0)
            and ($3 = '' or state = $3)
            and ($4 = '' or category = $4)
            and ($5 <> 'letter' or not has_email)
            and ($5 <> 'access' or needs_access)
        order by
            case when not $7 then sort_key end, case when $7 then sort_key end desc, name_key,
            invitation_id
        limit $9 offset $8
        """,
        *msgspec.structs.astuple(wanted),
    )
    return [ListedGuest(**row) for row in rows]

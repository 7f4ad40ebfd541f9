"""Keeps tickets: one for each person who comes, valid until it is cancelled."""

from collections.abc import Sequence
from uuid import UUID

import msgspec

from services.recognition.honouring.model import Ticket
from services.recognition.honouring.tickets import Holder, mint_short_code
from shared.database import Connection


class NamedTicket(msgspec.Struct, frozen=True):
    """A valid ticket as door staff find it by name."""

    ticket_id: UUID
    holder_name: str
    guest_name: str
    """Whose invitation it is: the holder may be a companion."""
    admission: str
    short_code: str
    is_inside: bool


async def valid(connection: Connection, invitation_id: UUID) -> list[Ticket]:
    """Return an invitation's tickets that open the door, the guest's own first."""
    rows = await connection.fetch(
        """
        select
            ticket_id, version, invitation_id, honouring_event_id, holder_name, admission,
            short_code, issued_at, cancelled_at
        from ticket
        where invitation_id = $1 and cancelled_at is null
        order by ticket_id
        """,
        invitation_id,
    )
    return [Ticket(**row) for row in rows]


async def issue(
    transaction: Connection,
    invitation_id: UUID,
    honouring_event_id: UUID,
    holders: Sequence[Holder],
) -> list[UUID]:
    """Issue a ticket to each holder, in their order, and return the tickets' ids."""
    rows = await transaction.fetch(
        """
        insert into ticket (
            ticket_id, invitation_id, honouring_event_id, holder_name, admission, short_code
        )
        select uuidv7(), $1, $2, holder_name, admission, short_code
        from unnest($3::text[], $4::text[], $5::text[])
            with ordinality as holder (holder_name, admission, short_code, number)
        order by number
        returning ticket_id
        """,
        invitation_id,
        honouring_event_id,
        [holder.name for holder in holders],
        [holder.admission for holder in holders],
        [mint_short_code() for _ in holders],
    )
    return [row[0] for row in rows]


async def cancel(transaction: Connection, ticket_ids: Sequence[UUID]) -> list[Ticket]:
    """Cancel tickets, so that no door admits them any more, and return them as they are then."""
    rows = await transaction.fetch(
        """
        update ticket set version = version + 1, cancelled_at = now()
        where ticket_id = any($1) and cancelled_at is null
        returning
            ticket_id, version, invitation_id, honouring_event_id, holder_name, admission,
            short_code, issued_at, cancelled_at
        """,
        ticket_ids,
    )
    return [Ticket(**row) for row in rows]


async def find_by_code(
    connection: Connection, honouring_event_id: UUID, short_code: str
) -> UUID | None:
    """Return the ticket of an event with this printed code."""
    found: UUID | None = await connection.fetchval(
        "select ticket_id from ticket where honouring_event_id = $1 and short_code = $2",
        honouring_event_id,
        short_code,
    )
    return found


async def is_of_another_event(
    connection: Connection, honouring_event_id: UUID, short_code: str
) -> bool:
    """Tell whether a printed code belongs to a ticket of some other event."""
    found: bool = await connection.fetchval(
        """
        select exists (
            select from ticket where honouring_event_id <> $1 and short_code = $2
        )
        """,
        honouring_event_id,
        short_code,
    )
    return found


async def lock(transaction: Connection, ticket_id: UUID) -> Ticket | None:
    """Return a ticket that nobody else admits or cancels until the transaction ends."""
    row = await transaction.fetchrow(
        """
        select
            ticket_id, version, invitation_id, honouring_event_id, holder_name, admission,
            short_code, issued_at, cancelled_at
        from ticket
        where ticket_id = $1
        for no key update
        """,
        ticket_id,
    )
    return Ticket(**row) if row else None


async def advance(transaction: Connection, ticket_id: UUID) -> int:
    """Return the next version of a locked ticket that something has happened to."""
    version: int = await transaction.fetchval(
        "update ticket set version = version + 1 where ticket_id = $1 returning version", ticket_id
    )
    return version


async def named(
    connection: Connection, honouring_event_id: UUID, part_of_name: str, most: int
) -> list[NamedTicket]:
    """Return up to `most` valid tickets whose holder's or guest's name contains a text."""
    rows = await connection.fetch(
        """
        select
            ticket.ticket_id, ticket.holder_name,
            coalesce(person.given_name || ' ' || person.family_name, '') as guest_name,
            ticket.admission, ticket.short_code,
            exists (
                select from check_in
                where
                    check_in.ticket_id = ticket.ticket_id
                    and check_in.result = 'admitted'
                    and check_in.undone_at is null
            ) as is_inside
        from ticket
        inner join invitation using (invitation_id)
        left join known_person as person using (person_id)
        where
            ticket.honouring_event_id = $1
            and ticket.cancelled_at is null
            and (
                position(lower($2) in lower(ticket.holder_name)) > 0
                or position(lower($2) in coalesce(person.search_name, '')) > 0
            )
        order by person.family_name, person.given_name, ticket.ticket_id
        limit $3
        """,
        honouring_event_id,
        part_of_name,
        most,
    )
    return [NamedTicket(*row) for row in rows]

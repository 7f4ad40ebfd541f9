"""Reads and writes associations' links and contact addresses."""

from datetime import datetime
from uuid import UUID

import msgspec

from services.events.associations.model import Association
from shared.database import Connection


class Linked(msgspec.Struct, frozen=True, kw_only=True):
    """An association with its link, if it has one."""

    organiser_id: UUID
    name: str
    contact_email: str
    made_by: str | None
    made_at: datetime | None
    waiting: int
    """How many of its events wait for a review."""


async def find_by_link(connection: Connection, token_hash: bytes) -> Association | None:
    """Return whose link this is; None if nobody's, or not any more."""
    row = await connection.fetchrow(
        """
        select organiser_id, name
        from organiser_link
        join organiser using (organiser_id)
        where token_hash = $1 and revoked_at is null
        """,
        token_hash,
    )
    return Association(*row) if row else None


async def find_association(connection: Connection, organiser_id: UUID) -> Association | None:
    """Return an organiser as an association that may hold a link, None if there is none."""
    row = await connection.fetchrow(
        "select organiser_id, name from organiser where organiser_id = $1", organiser_id
    )
    return Association(*row) if row else None


async def linked(connection: Connection) -> list[Linked]:
    """Return all organisers by name, each with its link."""
    rows = await connection.fetch(
        """
        select organiser_id, name, contact_email, made_by, made_at,
            (
                select count(*) from submission
                join calendar_event using (calendar_event_id)
                where submission.organiser_id = organiser.organiser_id and state = 'submitted'
            ) as waiting
        from organiser
        left join organiser_link using (organiser_id)
        where revoked_at is null
        union all
        select organiser_id, name, contact_email, null, null, 0
        from organiser
        where exists (
            select from organiser_link
            where organiser_link.organiser_id = organiser.organiser_id
        ) and not exists (
            select from organiser_link
            where organiser_link.organiser_id = organiser.organiser_id and revoked_at is null
        )
        order by name
        """
    )
    return [Linked(**row) for row in rows]


async def contact_of(connection: Connection, calendar_event_id: UUID) -> str:
    """Return where the association that wrote an event can be asked; empty if nowhere is known."""
    found: str | None = await connection.fetchval(
        """
        select contact_email
        from submission
        join organiser using (organiser_id)
        where calendar_event_id = $1
        """,
        calendar_event_id,
    )
    return found or ""


async def save_contact(transaction: Connection, organiser_id: UUID, email: str) -> None:
    """Note where an association can be asked about its events; empty for nowhere."""
    await transaction.execute(
        "update organiser set contact_email = $2 where organiser_id = $1", organiser_id, email
    )


async def revoke_link(transaction: Connection, organiser_id: UUID) -> bool:
    """Make an association's link useless; tell whether it had one."""
    done: str = await transaction.execute(
        """
        update organiser_link set revoked_at = now()
        where organiser_id = $1 and revoked_at is null
        """,
        organiser_id,
    )
    return done != "UPDATE 0"


async def add_link(transaction: Connection, organiser_id: UUID, token_hash: bytes, by: str) -> None:
    """Keep a new link, of which only the hash is known."""
    await transaction.execute(
        "insert into organiser_link (organiser_id, token_hash, made_by) values ($1, $2, $3)",
        organiser_id,
        token_hash,
        by,
    )

"""Reads and writes associations' links and contact addresses."""

from datetime import datetime
from uuid import UUID

import msgspec

from services.events.associations.model import Association
from services.events.associations.store.mails import KEPT_DAYS
from shared.database import Connection


class Linked(msgspec.Struct, frozen=True, kw_only=True):
    """An association with its link, if it has one."""

    organiser_id: UUID
    name: str
    contact_email: str
    contact_undeliverable_at: datetime | None
    """When a mail to this address was refused for good the last time."""
    made_by: str | None
    made_at: datetime | None
    was_revoked: bool
    """It had a link that was called back, and has none now."""
    waiting: int
    """How many of its events wait for a review."""


async def find_by_link(connection: Connection, token_hash: bytes) -> Association | None:
    """Return whose link this is, given out or sent by mail; None if nobody's, or not any more."""
    row = await connection.fetchrow(
        """
        select organiser_id, name
        from organiser_link
        join organiser using (organiser_id)
        where revoked_at is null and (
            token_hash = $1
            or organiser_link_id = (
                select organiser_link_id from organiser_mail_link
                where
                    token_hash = $1
                    and made_at > now() - make_interval(days => $2)
            )
        )
        """,
        token_hash,
        KEPT_DAYS,
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
        select organiser_id, name, contact_email, contact_undeliverable_at, made_by, made_at,
            false as was_revoked,
            (
                select count(*) from submission
                join calendar_event using (calendar_event_id)
                where submission.organiser_id = organiser.organiser_id and state = 'submitted'
            ) as waiting
        from organiser
        left join organiser_link using (organiser_id)
        where revoked_at is null
        union all
        select organiser_id, name, contact_email, contact_undeliverable_at, null, null, true, 0
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


async def contact(connection: Connection, organiser_id: UUID) -> str:
    """Return where an association is written to; empty if nowhere."""
    found: str = await connection.fetchval(
        "select contact_email from organiser where organiser_id = $1", organiser_id
    )
    return found


async def save_contact(transaction: Connection, organiser_id: UUID, email: str) -> None:
    """Note where an association is written to about its events; empty for nowhere."""
    await transaction.execute(
        """
        update organiser set contact_email = $2, contact_undeliverable_at = null
        where organiser_id = $1
        """,
        organiser_id,
        email,
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

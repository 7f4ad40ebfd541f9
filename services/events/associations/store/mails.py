"""Reads to whom the answers of a review go by mail, and keeps the links that those mails bring."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final
from uuid import UUID

import msgspec

from shared.database import Connection

KEPT_DAYS: Final = 60
"""How long the link of a mail opens something: who is asked for a change has time for it."""


class Addressee(msgspec.Struct, frozen=True):
    """The association whose event it is, as a mail to it needs it."""

    calendar_event_id: UUID
    name: str
    email: str
    """Empty: nobody has noted one."""
    organiser_link_id: UUID | None
    """None: it holds no link (any more)."""


class Secret(msgspec.Struct, frozen=True):
    """A link of a mail that is to be stored."""

    organiser_link_id: UUID
    token_hash: bytes


async def addressees(
    connection: Connection, calendar_event_ids: Sequence[UUID]
) -> dict[UUID, Addressee]:
    """Return, by event, the associations that have written these; other events are left out."""
    rows = await connection.fetch(
        """
        select calendar_event_id, name, contact_email as email, organiser_link_id
        from submission
        inner join organiser using (organiser_id)
        left join organiser_link
            on organiser_link.organiser_id = organiser.organiser_id and revoked_at is null
        where calendar_event_id = any($1)
        """,
        calendar_event_ids,
    )
    return {row["calendar_event_id"]: Addressee(*row) for row in rows}


async def is_submission(connection: Connection, calendar_event_id: UUID) -> bool:
    """Tell whether an association has written this event through its link."""
    found: bool = await connection.fetchval(
        "select exists (select from submission where calendar_event_id = $1)", calendar_event_id
    )
    return found


async def keep_links(transaction: Connection, secrets: Sequence[Secret]) -> None:
    """Store new links, with one statement for any number."""
    await transaction.execute(
        """
        insert into organiser_mail_link (token_hash, organiser_link_id)
        select * from unnest($1::bytea[], $2::uuid[])
        """,
        [secret.token_hash for secret in secrets],
        [secret.organiser_link_id for secret in secrets],
    )


async def forget_links(transaction: Connection, before: datetime, most: int) -> int:
    """Delete up to `most` links that were made before an instant; return how many."""
    deleted: str = await transaction.execute(
        """
        delete from organiser_mail_link where token_hash in (
            select token_hash from organiser_mail_link
            where made_at < $1
            limit $2
            for update skip locked
        )
        """,
        before,
        most,
    )
    return int(deleted.rsplit(maxsplit=1)[-1])


async def note_undeliverable(
    transaction: Connection, calendar_event_ids: Sequence[UUID], now: datetime
) -> None:
    """Mark the addresses of the associations that have written these events."""
    await transaction.execute(
        """
        update organiser set contact_undeliverable_at = $2
        where organiser_id in (
            select organiser_id from submission where calendar_event_id = any($1)
        )
        """,
        calendar_event_ids,
        now,
    )

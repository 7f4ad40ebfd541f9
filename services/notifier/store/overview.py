"""Reads the ledger for the console: lists, figures, particulars."""

from datetime import datetime
from uuid import UUID

import msgspec

from services.notifier.model import MessageState, Purpose
from shared.database import Connection


class Listed(msgspec.Struct, frozen=True):
    """One line of the ledger."""

    message_id: UUID
    purpose: Purpose
    channel: str | None
    state: MessageState
    person_id: UUID | None
    organisation_id: UUID | None
    event_title: str
    queued_at: datetime
    went_out_at: datetime | None
    """When the mail server took the mail, or the letter was posted."""
    next_try_at: datetime
    attempts: int
    smtp_code: int | None
    reason: str
    possible_duplicate: bool


class Search(msgspec.Struct, frozen=True):
    """Which lines of the ledger are wanted; no states and no purpose mean all."""

    states: tuple[MessageState, ...] = ()
    purpose: Purpose | None = None
    duplicates_only: bool = False


class Figures(msgspec.Struct, frozen=True):
    """How the ledger stands, at a glance."""

    unsorted: int
    waiting: int
    """Mails that will be sent by themselves, first or further tries."""
    sent: int
    failed: int
    possible_duplicates: int
    letters_to_print: int
    letters_posted: int
    ended: int
    """Withheld or cancelled, because something else had happened before."""


async def figures(connection: Connection) -> Figures:
    """Return how many messages there are of each kind."""
    row = await connection.fetchrow(
        """
        select
            count(*) filter (where channel is null and state = 'queued') as unsorted,
            count(*) filter (
                where channel = 'mail' and state in ('queued', 'claimed', 'data_started', 'retry')
            ) as waiting,
            count(*) filter (where state = 'accepted') as sent,
            count(*) filter (where state = 'failed') as failed,
            count(*) filter (where possible_duplicate) as possible_duplicates,
            count(*) filter (where state = 'in_batch') as letters_to_print,
            count(*) filter (where state = 'posted') as letters_posted,
            count(*) filter (where state in ('withheld', 'cancelled')) as ended
        from message
        """
    )
    if row is None:
        raise LookupError("message")
    return Figures(*row)


async def listed(connection: Connection, search: Search, limit: int, offset: int) -> list[Listed]:
    """Return a page of the lines that are wanted, the newest first."""
    rows = await connection.fetch(
        """
        select
            message_id, message.purpose, channel, state, person_id, organisation_id,
            coalesce(known_event.title, '') as event_title,
            queued_at,
            coalesce(accepted_at, case when state = 'posted' then posted_at end) as went_out_at,
            next_try_at, attempts, smtp_code, reason, possible_duplicate
        from message
        left join known_event using (honouring_event_id)
        left join letter using (message_id)
        left join letter_batch using (letter_batch_id)
        where
            (cardinality($1::text[]) = 0 or state = any($1))
            and ($2::text is null or message.purpose = $2)
            and (possible_duplicate or not $3)
        order by queued_at desc, message_id desc
        limit $4 offset $5
        """,
        search.states,
        search.purpose,
        search.duplicates_only,
        limit,
        offset,
    )
    return [Listed(*row) for row in rows]


async def count(connection: Connection, search: Search) -> int:
    """Return how many lines are wanted."""
    found: int = await connection.fetchval(
        """
        select count(*) from message
        where
            (cardinality($1::text[]) = 0 or state = any($1))
            and ($2::text is null or purpose = $2)
            and (possible_duplicate or not $3)
        """,
        search.states,
        search.purpose,
        search.duplicates_only,
    )
    return found

"""Reads the ledger for the console: lists, figures, particulars."""

from collections.abc import Sequence
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
    course_registration_id: UUID | None
    course_run_id: UUID | None
    calendar_event_id: UUID | None
    event_title: str
    """Of the concert; empty where it is about none."""
    queued_at: datetime
    went_out_at: datetime | None
    """When the mail server took the mail, or the letter was posted."""
    next_try_at: datetime
    attempts: int
    smtp_code: int | None
    reason: str
    possible_duplicate: bool


class Search(msgspec.Struct, frozen=True, kw_only=True):
    """Which lines of the ledger are wanted; no states mean all."""

    purposes: tuple[Purpose, ...]
    states: tuple[MessageState, ...] = ()
    duplicates_only: bool = False
    course_run_id: UUID | None = None
    course_registration_id: UUID | None = None


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


async def figures(connection: Connection, purposes: Sequence[Purpose]) -> Figures:
    """Return how many messages with these purposes there are of each kind."""
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
        where purpose = any($1)
        """,
        purposes,
    )
    if row is None:
        raise LookupError("message")
    return Figures(*row)


async def waiting(connection: Connection, purposes: Sequence[Purpose]) -> tuple[int, int]:
    """Return how many messages with these purposes nobody got, and how many letters to print."""
    row = await connection.fetchrow(
        """
        select
            count(*) filter (where state = 'failed') as failed,
            count(*) filter (where state = 'in_batch') as letters_to_print
        from message
        where state in ('failed', 'in_batch') and purpose = any($1)
        """,
        purposes,
    )
    if row is None:
        raise LookupError("message")
    return row["failed"], row["letters_to_print"]


async def listed(connection: Connection, search: Search, limit: int, offset: int) -> list[Listed]:
    """Return a page of the lines that are wanted, the newest first."""
    rows = await connection.fetch(
        """
        select
            message_id, message.purpose, channel, state, person_id, organisation_id,
            course_registration_id, course_run_id, calendar_event_id,
            coalesce(known_event.title, '') as event_title,
            queued_at,
            coalesce(accepted_at, case when state = 'posted' then posted_at end) as went_out_at,
            next_try_at, attempts, smtp_code, reason, possible_duplicate
        from message
        left join known_event using (honouring_event_id)
        left join letter using (message_id)
        left join letter_batch using (letter_batch_id)
        where
            message.purpose = any($1)
            and (cardinality($2::text[]) = 0 or state = any($2))
            and (possible_duplicate or not $3)
            and ($4::uuid is null or course_run_id = $4)
            and ($5::uuid is null or course_registration_id = $5)
        order by queued_at desc, message_id desc
        limit $6 offset $7
        """,
        search.purposes,
        search.states,
        search.duplicates_only,
        search.course_run_id,
        search.course_registration_id,
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
            purpose = any($1)
            and (cardinality($2::text[]) = 0 or state = any($2))
            and (possible_duplicate or not $3)
            and ($4::uuid is null or course_run_id = $4)
            and ($5::uuid is null or course_registration_id = $5)
        """,
        search.purposes,
        search.states,
        search.duplicates_only,
        search.course_run_id,
        search.course_registration_id,
    )
    return found


async def course_runs(connection: Connection, most: int) -> list[UUID]:
    """Return up to `most` runs of courses that there are messages about, the latest first."""
    rows = await connection.fetch(
        """
        select course_run_id from message
        where course_run_id is not null
        group by course_run_id
        order by max(queued_at) desc
        limit $1
        """,
        most,
    )
    return [row["course_run_id"] for row in rows]

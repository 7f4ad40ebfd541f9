"""Claims mails for one worker at a time and notes what became of each."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import msgspec

from services.notifier.model import BULK, Purpose
from shared.database import Connection


class Claimed(msgspec.Struct, frozen=True):
    """A mail that one worker may send, until its lease ends or somebody claims it anew."""

    message_id: UUID
    purpose: Purpose
    concerns_id: UUID
    """By its purpose: the invitation, request for nominations, registration or calendar event."""
    honouring_event_id: UUID | None
    """None: it is about a course or a submitted event."""
    claim_epoch: int
    """Grows with each claim: an older claim no longer changes the row (fencing)."""
    attempts: int
    queued_at: datetime
    first_tried_at: datetime | None
    traceparent: str
    """The trace of the click that it follows from."""


async def claim(
    transaction: Connection, worker: str, most: int, lease_seconds: float
) -> list[Claimed]:
    """Claim up to `most` mails that are due: personal answers first, then the longest due.

    Nothing is claimed while sending is paused.
    """
    rows = await transaction.fetch(
        """
        update message
        set state = 'claimed', claimed_by = $1, claim_epoch = claim_epoch + 1,
            lease_until = now() + make_interval(secs => $3)
        where message_id in (
            select message_id from message
            where
                channel = 'mail'
                and state in ('queued', 'retry')
                and next_try_at <= now()
                and not exists (select from sending_control where paused_at is not null)
            order by is_bulk, next_try_at, message_id
            limit $2
            for update skip locked
        )
        returning
            message_id, purpose,
            coalesce(
                invitation_id, nomination_request_id, course_registration_id, calendar_event_id
            ) as concerns_id,
            honouring_event_id, claim_epoch, attempts, queued_at, first_tried_at, traceparent
        """,
        worker,
        most,
        lease_seconds,
    )
    claimed = [Claimed(*row) for row in rows]
    return sorted(claimed, key=lambda one: (one.purpose in BULK, one.message_id))


async def start_data(transaction: Connection, claimed: Claimed, lease_seconds: float) -> bool:
    """Note that content is about to be sent; False if the claim is lost or sending is paused."""
    started = await transaction.fetchval(
        """
        update message
        set state = 'data_started', lease_until = now() + make_interval(secs => $3),
            first_tried_at = coalesce(first_tried_at, now())
        where
            message_id = $1
            and claim_epoch = $2
            and state = 'claimed'
            and lease_until > now()
            and not exists (select from sending_control where paused_at is not null)
        returning true
        """,
        claimed.message_id,
        claimed.claim_epoch,
        lease_seconds,
    )
    return bool(started)


async def accept(
    transaction: Connection, claimed: Claimed, smtp_code: int
) -> tuple[int, datetime] | None:
    """Note that the mail server has taken the mail over; return the attempts and the instant.

    None if the claim was lost meanwhile, or this was noted before.
    """
    row = await transaction.fetchrow(
        """
        update message
        set state = 'accepted', accepted_at = now(), attempts = attempts + 1, smtp_code = $3,
            reason = '', lease_until = null, claimed_by = null
        where message_id = $1 and claim_epoch = $2 and state = 'data_started'
        returning attempts, accepted_at
        """,
        claimed.message_id,
        claimed.claim_epoch,
        smtp_code,
    )
    return (row["attempts"], row["accepted_at"]) if row else None


async def clock(connection: Connection) -> datetime:
    """Return the database's time, which decides about all deadlines."""
    now: datetime = await connection.fetchval("select clock_timestamp()")
    return now


async def postpone(
    transaction: Connection,
    claimed: Claimed,
    next_try_at: datetime,
    refusal: tuple[int, str],
    *,
    possible_duplicate: bool,
) -> bool:
    """Note the server's code and words, and when the mail is tried again."""
    postponed = await transaction.fetchval(
        """
        update message
        set state = 'retry', next_try_at = $3, attempts = attempts + 1, smtp_code = $4,
            reason = $5, possible_duplicate = possible_duplicate or $6, lease_until = null,
            claimed_by = null, first_tried_at = coalesce(first_tried_at, now())
        where message_id = $1 and claim_epoch = $2 and state in ('claimed', 'data_started')
        returning true
        """,
        claimed.message_id,
        claimed.claim_epoch,
        next_try_at,
        *refusal,
        possible_duplicate,
    )
    return bool(postponed)


async def give_up(
    transaction: Connection, claimed: Claimed, refusal: tuple[int, str], *, possible_duplicate: bool
) -> int | None:
    """Note that the mail is refused for good; return the attempts, None if the claim was lost."""
    attempts: int | None = await transaction.fetchval(
        """
        update message
        set state = 'failed', attempts = attempts + 1, smtp_code = $3, reason = $4,
            possible_duplicate = possible_duplicate or $5, lease_until = null, claimed_by = null,
            first_tried_at = coalesce(first_tried_at, now())
        where message_id = $1 and claim_epoch = $2 and state in ('claimed', 'data_started')
        returning attempts
        """,
        claimed.message_id,
        claimed.claim_epoch,
        *refusal,
        possible_duplicate,
    )
    return attempts


async def withhold(transaction: Connection, claimed: Claimed, state: str, reason: str) -> None:
    """End a claimed mail without sending it: `withheld` as no longer true, or `cancelled`."""
    await transaction.execute(
        """
        update message
        set state = $3, reason = $4, lease_until = null, claimed_by = null
        where message_id = $1 and claim_epoch = $2 and state = 'claimed'
        """,
        claimed.message_id,
        claimed.claim_epoch,
        state,
        reason,
    )


async def sort_again(transaction: Connection, claimed: Claimed) -> None:
    """Give a claimed mail back to be sorted: its recipient has no e-mail address any more."""
    await transaction.execute(
        """
        update message
        set state = 'queued', channel = null, lease_until = null, claimed_by = null
        where message_id = $1 and claim_epoch = $2 and state = 'claimed'
        """,
        claimed.message_id,
        claimed.claim_epoch,
    )


async def release(
    transaction: Connection, claims: Sequence[Claimed], pause_seconds: float, reason: str = ""
) -> None:
    """Give claims back that nothing was sent for, to be claimed again after a pause."""
    await transaction.execute(
        """
        update message
        set state = case when message.attempts = 0 then 'queued' else 'retry' end,
            next_try_at = now() + make_interval(secs => $3), lease_until = null, claimed_by = null,
            reason = coalesce(nullif($4, ''), message.reason)
        from unnest($1::uuid[], $2::integer[]) as claim (message_id, claim_epoch)
        where
            message.message_id = claim.message_id
            and message.claim_epoch = claim.claim_epoch
            and message.state = 'claimed'
        """,
        [claim.message_id for claim in claims],
        [claim.claim_epoch for claim in claims],
        pause_seconds,
        reason,
    )


async def take_back_stale(transaction: Connection, worker: str) -> int:
    """Queue again what a worker that has died had claimed; return how many.

    So is what `worker` itself holds between two batches: it could not give that back while the
    database was away. A mail whose content was on its way may have been taken: it is sent again
    and flagged.
    """
    taken: str = await transaction.execute(
        """
        update message
        set state = case
                when state = 'data_started' or attempts > 0 then 'retry' else 'queued'
            end,
            possible_duplicate = possible_duplicate or state = 'data_started',
            attempts = attempts + (state = 'data_started')::integer,
            next_try_at = now(), lease_until = null, claimed_by = null
        where message_id in (
            select message_id from message
            where
                lease_until is not null
                and (lease_until < now() or (claimed_by = $1 and state = 'claimed'))
            for update skip locked
        )
        """,
        worker,
    )
    return int(taken.rsplit(maxsplit=1)[-1])

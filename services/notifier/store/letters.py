"""Collects letters into batches, and keeps the making of their PDFs."""

from collections.abc import Sequence
from datetime import datetime
from typing import Literal
from uuid import UUID

import msgspec

from services.notifier.model import Purpose
from shared.database import Connection

BatchState = Literal["open", "closed", "posted"]


class LetterBatch(msgspec.Struct, frozen=True):
    """Letters of one kind that are printed together (Briefstapel)."""

    letter_batch_id: UUID
    version: int
    honouring_event_id: UUID
    purpose: Purpose
    event_title: str
    letters: int
    """How many there are to print."""
    left_out: int
    """How many were overtaken before they were printed."""
    opened_at: datetime
    closed_at: datetime | None
    posted_at: datetime | None
    posted_by: str

    @property
    def state(self) -> BatchState:
        """Return how far it is: open while letters still join it."""
        if self.posted_at is not None:
            return "posted"
        return "open" if self.closed_at is None else "closed"


class LetterToPrint(msgspec.Struct, frozen=True):
    """One letter of a batch, by ids."""

    message_id: UUID
    invitation_id: UUID
    person_id: UUID


async def open_batch(
    transaction: Connection, honouring_event_id: UUID, purpose: Purpose, wave_id: UUID | None
) -> UUID:
    """Return the batch that letters of this kind join, opened if there is none; it is locked."""
    batch_id: UUID = await transaction.fetchval(
        """
        insert into letter_batch (honouring_event_id, purpose, invitation_wave_id)
        values ($1, $2, $3)
        on conflict (honouring_event_id, purpose, invitation_wave_id) where closed_at is null
        do update set purpose = excluded.purpose
        returning letter_batch_id
        """,
        honouring_event_id,
        purpose,
        wave_id,
    )
    return batch_id


class Kind(msgspec.Struct, frozen=True):
    """What letters must have in common to lie in one batch."""

    honouring_event_id: UUID
    purpose: Purpose
    invitation_wave_id: UUID | None


async def kinds(transaction: Connection, message_ids: Sequence[UUID]) -> list[Kind]:
    """Return the kinds of these messages; only invitations are kept apart by wave."""
    rows = await transaction.fetch(
        """
        select distinct
            message.honouring_event_id,
            message.purpose,
            case when message.purpose = 'invitation' then known_invitation.invitation_wave_id end
                as invitation_wave_id
        from message
        left join known_invitation using (invitation_id)
        where message_id = any($1)
        """,
        message_ids,
    )
    return [Kind(*row) for row in rows]


async def put_into_batch(
    transaction: Connection, letter_batch_id: UUID, kind: Kind, message_ids: Sequence[UUID]
) -> int:
    """Put those of these messages that are of this kind into a batch; return how many."""
    put: str = await transaction.execute(
        """
        with sorted as (
            update message set channel = 'letter', state = 'in_batch'
            from message as itself
            left join known_invitation using (invitation_id)
            where
                message.message_id = itself.message_id
                and message.message_id = any($2)
                and message.state in ('queued', 'failed')
                and message.honouring_event_id = $3
                and message.purpose = $4
                and (
                    message.purpose <> 'invitation'
                    or known_invitation.invitation_wave_id is not distinct from $5
                )
            returning message.message_id
        )
        insert into letter (message_id, letter_batch_id)
        select message_id, $1 from sorted
        on conflict (message_id) do update
        set letter_batch_id = excluded.letter_batch_id, left_out = ''
        """,
        letter_batch_id,
        message_ids,
        kind.honouring_event_id,
        kind.purpose,
        kind.invitation_wave_id,
    )
    return int(put.rsplit(maxsplit=1)[-1])


async def batches(connection: Connection, letter_batch_id: UUID | None = None) -> list[LetterBatch]:
    """Return all batches, or this one: what is to be printed first, then the newest."""
    rows = await connection.fetch(
        """
        select
            letter_batch_id,
            letter_batch.version,
            letter_batch.honouring_event_id,
            letter_batch.purpose,
            coalesce(known_event.title, '') as event_title,
            count(message.message_id) filter (
                where message.state in ('in_batch', 'posted') and letter.left_out = ''
            ) as letters,
            count(message.message_id) filter (
                where message.state not in ('in_batch', 'posted') or letter.left_out <> ''
            ) as left_out,
            opened_at, closed_at, posted_at, posted_by
        from letter_batch
        left join known_event using (honouring_event_id)
        left join letter using (letter_batch_id)
        left join message using (message_id)
        where $1::uuid is null or letter_batch_id = $1
        group by letter_batch_id, known_event.title
        order by posted_at is not null, opened_at desc
        limit 500
        """,
        letter_batch_id,
    )
    return [LetterBatch(*row) for row in rows]


async def lock_batch(transaction: Connection, letter_batch_id: UUID) -> None:
    """Lock a batch until the transaction ends."""
    await transaction.execute(
        "select from letter_batch where letter_batch_id = $1 for update", letter_batch_id
    )


async def close_batch(transaction: Connection, letter_batch_id: UUID) -> None:
    """Let no more letters join the batch; closed before, it stays as it is."""
    await transaction.execute(
        """
        update letter_batch set closed_at = now()
        where letter_batch_id = $1 and closed_at is null
        """,
        letter_batch_id,
    )


async def post_batch(transaction: Connection, letter_batch_id: UUID, posted_by: str) -> int | None:
    """Note that the letters are in the post; return the batch's version, None if it was before."""
    version: int | None = await transaction.fetchval(
        """
        update letter_batch
        set posted_at = now(), posted_by = $2, closed_at = coalesce(closed_at, now()),
            version = version + 1
        where letter_batch_id = $1 and posted_at is null
        returning version
        """,
        letter_batch_id,
        posted_by,
    )
    return version


async def post_letters(transaction: Connection, letter_batch_id: UUID) -> int:
    """Note of each printed letter of a batch that it is in the post; return how many.

    Those that were left out are withheld for good.
    """
    posted: int = await transaction.fetchval(
        """
        with told as (
            update message
            set state = case when letter.left_out = '' then 'posted' else 'withheld' end,
                accepted_at = case when letter.left_out = '' then now() end,
                reason = letter.left_out
            from letter
            where
                letter.message_id = message.message_id
                and letter.letter_batch_id = $1
                and message.state = 'in_batch'
            returning message.state
        )
        select count(*) filter (where state = 'posted') from told
        """,
        letter_batch_id,
    )
    return posted


async def letters_to_print(connection: Connection, letter_batch_id: UUID) -> list[LetterToPrint]:
    """Return the letters of a batch that are still to be sent, or have been, by ids."""
    rows = await connection.fetch(
        """
        select message_id, invitation_id, person_id
        from letter
        inner join message using (message_id)
        where
            letter_batch_id = $1
            and message.state in ('in_batch', 'posted')
            and person_id is not null
        order by message_id
        """,
        letter_batch_id,
    )
    return [LetterToPrint(*row) for row in rows]


async def leave_out(
    transaction: Connection, reasons: Sequence[tuple[UUID, str]], letter_batch_id: UUID
) -> None:
    """Note which letters of a batch are not printed and why; all others are."""
    await transaction.execute(
        """
        update letter set left_out = coalesce(
            (
                select reason
                from unnest($2::uuid[], $3::text[]) as kept_back (message_id, reason)
                where kept_back.message_id = letter.message_id
            ),
            ''
        )
        where letter_batch_id = $1
        """,
        letter_batch_id,
        [message_id for message_id, _ in reasons],
        [reason for _, reason in reasons],
    )

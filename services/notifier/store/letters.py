"""Puts letters into batches and keeps what became of each."""

from collections.abc import Sequence
from uuid import UUID

import msgspec

from services.notifier.model import Purpose
from shared.database import Connection


class LetterToPrint(msgspec.Struct, frozen=True):
    """One letter of a batch, by ids."""

    message_id: UUID
    concerns_id: UUID
    """The invitation that it is about, or the request for nominations, as its batch says."""


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
        where message_id = any($1) and message.honouring_event_id is not null
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
        select message_id, coalesce(invitation_id, nomination_request_id) as concerns_id
        from letter
        inner join message using (message_id)
        where
            letter_batch_id = $1
            and message.state in ('in_batch', 'posted')
            and (person_id is not null or organisation_id is not null)
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

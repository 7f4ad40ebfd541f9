"""Keeps the delivery ledger: one row for each purpose and recipient, never a body or an address."""

from collections.abc import Sequence
from uuid import UUID

import msgspec

from services.notifier.model import Due, MessageState, Purpose
from shared.database import Connection
from shared.telemetry import current_traceparent


class Unsorted(msgspec.Struct, frozen=True):
    """A message of which nobody has decided whether it goes by mail or as a letter."""

    message_id: UUID
    purpose: Purpose
    invitation_id: UUID | None
    """None: it is about a request for nominations and goes to an association."""
    person_id: UUID | None
    organisation_id: UUID | None
    prefers_letters: bool


async def queue(
    transaction: Connection, dues: Sequence[Due], traceparents: Sequence[str] = ()
) -> int:
    """Enter messages in their order; return how many are new.

    One that stands in the ledger already is left as it is, so that a fact that comes again cannot
    make a second message.

    Args:
        transaction: what it is part of.
        dues: the messages.
        traceparents: of each the trace that it goes on with; none: all with the one at hand.
    """
    entered: str = await transaction.execute(
        """
        insert into message (
            dedupe_key, purpose, invitation_id, invitation_version, honouring_event_id,
            person_id, is_bulk, traceparent
        )
        select key, purpose, invitation_id, version, event_id, person_id, is_bulk, traceparent
        from unnest(
            $1::text[], $2::text[], $3::uuid[], $4::integer[], $5::uuid[], $6::uuid[],
            $7::boolean[], $8::text[]
        ) with ordinality
        as due (
            key, purpose, invitation_id, version, event_id, person_id, is_bulk, traceparent, number
        )
        order by number
        on conflict (dedupe_key) do nothing
        """,
        [due.dedupe_key for due in dues],
        [due.purpose for due in dues],
        [due.invitation_id for due in dues],
        [due.invitation_version for due in dues],
        [due.honouring_event_id for due in dues],
        [due.person_id for due in dues],
        [due.is_bulk for due in dues],
        traceparents or [current_traceparent()] * len(dues),
    )
    return int(entered.rsplit(maxsplit=1)[-1])


async def withhold_overtaken(transaction: Connection, dues: Sequence[Due]) -> None:
    """Withhold what has not gone out yet and is overtaken by these messages.

    Letters are withheld as long as nobody has begun to print their batch.
    """
    await transaction.execute(
        """
        update message set state = 'withheld', reason = 'overtaken'
        from unnest($1::uuid[], $2::integer[]) as due (invitation_id, version)
        where
            message.invitation_id = due.invitation_id
            and message.invitation_version < due.version
            and message.purpose not in ('rescheduled', 'new_venue', 'cancelled')
            and (
                message.state in ('queued', 'retry')
                or message.state = 'in_batch' and exists (
                    select from letter
                    inner join letter_batch using (letter_batch_id)
                    where letter.message_id = message.message_id and closed_at is null
                )
            )
        """,
        [due.invitation_id for due in dues],
        [due.invitation_version for due in dues],
    )


async def note_overtaken(
    transaction: Connection, dues: Sequence[Due], traceparents: Sequence[str]
) -> None:
    """Enter messages as withheld that were overtaken before anybody heard of them.

    Where the ledger has a message of the same version, it stays the only one.
    """
    await transaction.execute(
        """
        insert into message (
            dedupe_key, purpose, invitation_id, invitation_version, honouring_event_id,
            person_id, is_bulk, traceparent, state, reason
        )
        select
            due.key, due.purpose, due.invitation_id, due.version, due.event_id,
            known.person_id, due.is_bulk, due.traceparent, 'withheld', 'overtaken'
        from unnest(
            $1::text[], $2::text[], $3::uuid[], $4::integer[], $5::uuid[], $6::boolean[],
            $7::text[]
        )
        as due (key, purpose, invitation_id, version, event_id, is_bulk, traceparent)
        inner join known_invitation as known using (invitation_id)
        where not exists (
            select from message
            where
                message.invitation_id = due.invitation_id
                and message.invitation_version = due.version
                and message.purpose not in ('rescheduled', 'new_venue', 'cancelled')
        )
        on conflict (dedupe_key) do nothing
        """,
        [due.dedupe_key for due in dues],
        [due.purpose for due in dues],
        [due.invitation_id for due in dues],
        [due.invitation_version for due in dues],
        [due.honouring_event_id for due in dues],
        [due.is_bulk for due in dues],
        traceparents,
    )


async def withhold_of_event(
    transaction: Connection, honouring_event_id: UUID, purposes: Sequence[Purpose], reason: str
) -> None:
    """Withhold what has not gone out yet of these purposes about an event."""
    await transaction.execute(
        """
        update message set state = 'withheld', reason = $3
        where
            honouring_event_id = $1
            and purpose = any($2)
            and state in ('queued', 'retry')
        """,
        honouring_event_id,
        purposes,
        reason,
    )


async def never_invited(connection: Connection, honouring_event_id: UUID) -> set[UUID]:
    """Return the invitations to an event whose invitation has not gone out and never will."""
    rows = await connection.fetch(
        """
        select invitation_id
        from message
        left join letter using (message_id)
        left join letter_batch using (letter_batch_id)
        where message.honouring_event_id = $1 and invitation_id is not null
        group by invitation_id
        having
            bool_and(message.purpose = 'invitation')
            and bool_and(
                state in ('queued', 'withheld', 'cancelled')
                or state = 'in_batch' and closed_at is null
            )
        """,
        honouring_event_id,
    )
    return {row[0] for row in rows}


async def unsorted(connection: Connection, most: int) -> list[Unsorted]:
    """Return up to `most` messages without a channel, the oldest first."""
    rows = await connection.fetch(
        """
        select
            message_id, purpose, invitation_id, person_id, organisation_id,
            is_bulk and exists (
                select from mail_opt_out where mail_opt_out.person_id = message.person_id
            ) as prefers_letters
        from message
        where channel is null and state = 'queued'
        order by queued_at
        limit $1
        """,
        most,
    )
    return [Unsorted(*row) for row in rows]


async def name_recipient(transaction: Connection, invitation_id: UUID, person_id: UUID) -> None:
    """Note who gets the messages about an invitation of which that was not known."""
    await transaction.execute(
        "update message set person_id = $2 where invitation_id = $1 and person_id is null",
        invitation_id,
        person_id,
    )


async def send_by_mail(transaction: Connection, message_ids: Sequence[UUID]) -> None:
    """Have unsorted messages go by mail."""
    await transaction.execute(
        """
        update message set channel = 'mail'
        where message_id = any($1) and channel is null and state = 'queued'
        """,
        message_ids,
    )


async def end_unsendable(transaction: Connection, message_ids: Sequence[UUID], reason: str) -> None:
    """End messages whose recipient is not known any more."""
    await transaction.execute(
        """
        update message set state = 'cancelled', reason = $2
        where message_id = any($1) and channel is null and state = 'queued'
        """,
        message_ids,
        reason,
    )


async def send_again(
    transaction: Connection, message_id: UUID, purposes: Sequence[Purpose]
) -> MessageState | None:
    """Queue a failed or withheld mail once more; return the state it was in.

    None: there is no such message with one of these purposes. Another state is left as it is.
    """
    before: MessageState | None = await transaction.fetchval(
        "select state from message where message_id = $1 and purpose = any($2) for update",
        message_id,
        purposes,
    )
    await transaction.execute(
        """
        update message
        set state = 'queued',
            channel = case when honouring_event_id is null then 'mail' end,
            next_try_at = now(), first_tried_at = null,
            smtp_code = null, reason = ''
        where message_id = $1 and purpose = any($2) and state in ('failed', 'withheld')
        """,
        message_id,
        purposes,
    )
    return before

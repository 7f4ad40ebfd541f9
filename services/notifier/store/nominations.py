"""Enters messages to associations into the ledger, and withholds those that are overtaken."""

from uuid import UUID

import msgspec

from services.notifier.model import BULK
from services.notifier.nominations import NominationDue
from shared.database import Connection
from shared.telemetry import current_traceparent


class Standing(msgspec.Struct, frozen=True):
    """What has become of the messages about one request."""

    has_gone_out: bool
    """One of them is sent, printed or at least tried."""
    is_waiting: bool
    """One of them will go out, written from what is true then."""


async def queue(transaction: Connection, due: NominationDue) -> bool:
    """Enter a message; return whether it is new.

    One that stands in the ledger already is left as it is, and one is left out that came too late:
    something newer about the same request stands there.
    """
    entered = await transaction.fetchval(
        """
        insert into message (
            dedupe_key, purpose, nomination_request_id, nomination_request_version,
            honouring_event_id, organisation_id, is_bulk, traceparent
        )
        select $1, $2, $3, $4, $5, $6, $7, $8
        where not exists (
            select from message as newer
            where
                newer.nomination_request_id = $3
                and newer.nomination_request_version > $4
        )
        on conflict (dedupe_key) do nothing
        returning true
        """,
        due.dedupe_key,
        due.purpose,
        due.nomination_request_id,
        due.nomination_request_version,
        due.honouring_event_id,
        due.organisation_id,
        due.purpose in BULK,
        current_traceparent(),
    )
    return bool(entered)


async def withhold_overtaken(transaction: Connection, due: NominationDue, reason: str) -> None:
    """Withhold what has not gone out yet and is overtaken by this message.

    Letters are withheld as long as nobody has begun to print their batch.
    """
    await transaction.execute(
        """
        update message set state = 'withheld', reason = $3
        where
            nomination_request_id = $1
            and nomination_request_version < $2
            and (
                state in ('queued', 'retry')
                or state = 'in_batch' and exists (
                    select from letter
                    inner join letter_batch using (letter_batch_id)
                    where letter.message_id = message.message_id and closed_at is null
                )
            )
        """,
        due.nomination_request_id,
        due.nomination_request_version,
        reason,
    )


async def standing(connection: Connection, nomination_request_id: UUID) -> Standing:
    """Return what has become of the messages about a request."""
    row = await connection.fetchrow(
        """
        select
            coalesce(
                bool_or(
                    state not in ('queued', 'withheld', 'cancelled')
                    and (state <> 'in_batch' or closed_at is not null)
                ),
                false
            ) as has_gone_out,
            coalesce(
                bool_or(state = 'queued' or state = 'in_batch' and closed_at is null), false
            ) as is_waiting
        from message
        left join letter using (message_id)
        left join letter_batch using (letter_batch_id)
        where nomination_request_id = $1
        """,
        nomination_request_id,
    )
    if row is None:
        raise LookupError("message")
    return Standing(*row)

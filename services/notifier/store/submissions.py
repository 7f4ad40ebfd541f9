"""Enters messages about submitted events into the ledger, and withholds what is overtaken."""

from services.notifier.submissions import SubmissionDue
from shared.database import Connection
from shared.telemetry import current_traceparent


async def queue(transaction: Connection, due: SubmissionDue) -> bool:
    """Enter a message, always a mail; return whether it is new and will go out.

    One that stands in the ledger already is left as it is, and one that came too late is withheld
    from the beginning: something newer about the same event stands there.
    """
    entered = await transaction.fetchval(
        """
        insert into message (
            dedupe_key, purpose, calendar_event_id, calendar_event_version, channel, is_bulk,
            traceparent, state, reason
        )
        select
            $1, $2, $3, $4, 'mail', false, $5,
            case when is_late then 'withheld' else 'queued' end,
            case when is_late then 'decided_otherwise' else '' end
        from (
            select exists (
                select from message
                where calendar_event_id = $3 and calendar_event_version > $4
            ) as is_late
        )
        on conflict (dedupe_key) do nothing
        returning state = 'queued'
        """,
        due.dedupe_key,
        due.purpose,
        due.calendar_event_id,
        due.calendar_event_version,
        current_traceparent(),
    )
    return bool(entered)


async def withhold_overtaken(transaction: Connection, due: SubmissionDue) -> None:
    """Withhold what has not gone out yet and is overtaken by this message."""
    await transaction.execute(
        """
        update message set state = 'withheld', reason = 'decided_otherwise'
        where
            calendar_event_id = $1
            and calendar_event_version < $2
            and state in ('queued', 'retry')
        """,
        due.calendar_event_id,
        due.calendar_event_version,
    )

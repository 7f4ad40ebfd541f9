"""Enters messages about submitted events into the ledger, and withholds what is overtaken."""

from services.notifier.submissions import SubmissionDue
from shared.database import Connection
from shared.telemetry import current_traceparent


async def queue(transaction: Connection, due: SubmissionDue) -> bool:
    """Enter a message, always a mail; return whether it is new.

    One that stands in the ledger already is left as it is, and one is left out that came too late:
    something newer about the same event stands there.
    """
    entered = await transaction.fetchval(
        """
        insert into message (
            dedupe_key, purpose, calendar_event_id, calendar_event_version, channel, is_bulk,
            traceparent
        )
        select $1, $2, $3, $4, 'mail', false, $5
        where not exists (
            select from message as newer
            where newer.calendar_event_id = $3 and newer.calendar_event_version > $4
        )
        on conflict (dedupe_key) do nothing
        returning true
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

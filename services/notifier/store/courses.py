"""Keeps what notifier knows of registrations for courses, and queues what participants are told."""

from collections.abc import Sequence
from uuid import UUID

from services.notifier.courses import TOLD_OF, CourseDue, KnownRegistration
from services.notifier.model import CoursePurpose, MessageState
from shared.database import Connection
from shared.telemetry import current_traceparent


async def registrations(
    transaction: Connection, course_registration_ids: Sequence[UUID]
) -> dict[UUID, KnownRegistration]:
    """Return and lock what is known of these registrations, by their ids."""
    rows = await transaction.fetch(
        """
        select course_registration_id, version, course_run_id, state
        from known_registration
        where course_registration_id = any($1)
        order by course_registration_id
        for update
        """,
        course_registration_ids,
    )
    return {row["course_registration_id"]: KnownRegistration(**row) for row in rows}


async def keep_registrations(transaction: Connection, kept: Sequence[KnownRegistration]) -> None:
    """Enter or update registrations, each at most once; a newer version is left as it is."""
    await transaction.execute(
        """
        insert into known_registration as known (
            course_registration_id, version, course_run_id, state
        )
        select * from unnest($1::uuid[], $2::integer[], $3::uuid[], $4::text[])
        on conflict (course_registration_id) do update
        set version = excluded.version, state = excluded.state
        where known.version < excluded.version
        """,
        [one.course_registration_id for one in kept],
        [one.version for one in kept],
        [one.course_run_id for one in kept],
        [one.state for one in kept],
    )


async def queue(transaction: Connection, dues: Sequence[CourseDue]) -> int:
    """Enter messages in their order, all of them mails; return how many are new.

    One that stands in the ledger already is left as it is.
    """
    return await _enter(transaction, dues, "queued", "")


async def note_overtaken(transaction: Connection, dues: Sequence[CourseDue]) -> int:
    """Enter messages as withheld that were overtaken before anybody heard of them.

    Returns how many are new; one that stands in the ledger already is left as it is.
    """
    return await _enter(transaction, dues, "withheld", "overtaken")


async def withhold_overtaken(transaction: Connection, dues: Sequence[CourseDue]) -> None:
    """Withhold what has not gone out yet and is overtaken by these messages."""
    await transaction.execute(
        """
        update message set state = 'withheld', reason = 'overtaken'
        from unnest($1::uuid[], $2::integer[]) as due (registration_id, version)
        where
            message.course_registration_id = due.registration_id
            and message.course_version < due.version
            and message.purpose not in ('course_moved', 'course_cancelled', 'course_confirmed')
            and message.state in ('queued', 'retry')
        """,
        [due.course_registration_id for due in dues],
        [due.version for due in dues],
    )


async def withhold_of_run(
    transaction: Connection, course_run_id: UUID, purposes: Sequence[CoursePurpose], reason: str
) -> None:
    """Withhold what has not gone out yet of these purposes about a run."""
    await transaction.execute(
        """
        update message set state = 'withheld', reason = $3
        where
            course_registration_id in (
                select course_registration_id from known_registration where course_run_id = $1
            )
            and purpose = any($2)
            and state in ('queued', 'retry')
        """,
        course_run_id,
        purposes,
        reason,
    )


async def was_told_later(
    connection: Connection, course_run_id: UUID, purpose: CoursePurpose, version: int
) -> bool:
    """Tell whether the ledger has a later change of a run, of this kind or its cancellation."""
    return bool(
        await connection.fetchval(
            """
            select exists (
                select from message
                where
                    course_registration_id in (
                        select course_registration_id from known_registration
                        where course_run_id = $1
                    )
                    and purpose in ($2, 'course_cancelled')
                    and course_version > $3
            )
            """,
            course_run_id,
            purpose,
            version,
        )
    )


async def participants_to_tell(
    connection: Connection, course_run_id: UUID, purpose: CoursePurpose, version: int
) -> list[CourseDue]:
    """Return a message for each participant of a run who hears of this."""
    rows = await connection.fetch(
        """
        select course_registration_id, course_run_id from known_registration
        where course_run_id = $1 and state = any($2)
        order by course_registration_id
        """,
        course_run_id,
        TOLD_OF[purpose],
    )
    return [CourseDue(purpose=purpose, version=version, **row) for row in rows]


async def _enter(
    transaction: Connection, dues: Sequence[CourseDue], state: MessageState, reason: str
) -> int:
    entered: str = await transaction.execute(
        """
        insert into message (
            dedupe_key, purpose, course_registration_id, course_version, course_run_id, channel,
            is_bulk, traceparent, state, reason
        )
        select key, purpose, registration_id, version, run_id, 'mail', false, $6, $7, $8
        from unnest($1::text[], $2::text[], $3::uuid[], $4::integer[], $5::uuid[])
        with ordinality as due (key, purpose, registration_id, version, run_id, number)
        order by number
        on conflict (dedupe_key) do nothing
        """,
        [due.dedupe_key for due in dues],
        [due.purpose for due in dues],
        [due.course_registration_id for due in dues],
        [due.version for due in dues],
        [due.course_run_id for due in dues],
        current_traceparent(),
        state,
        reason,
    )
    return int(entered.rsplit(maxsplit=1)[-1])

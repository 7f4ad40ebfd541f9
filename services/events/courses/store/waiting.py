"""Keeps the waiting list of a run and the offers made to those who wait.

All of it happens while the run's balance of places is locked; see `places.lock`.
"""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import msgspec

from shared.database import Connection


class Advanced(msgspec.Struct, frozen=True):
    """A registration that was offered a place, or has lost its offer."""

    course_registration_id: UUID
    version: int


class Position(msgspec.Struct, frozen=True):
    """Where somebody stands on the waiting list, counted from 1."""

    place: int
    waiting: int


async def next_in_line(transaction: Connection, course_run_id: UUID, most: int) -> list[UUID]:
    """Return who waits longest, up to so many."""
    rows = await transaction.fetch(
        """
        select course_registration_id from course_registration
        where course_run_id = $1 and state = 'waitlisted'
        order by waits_since, course_registration_id
        limit $2
        """,
        course_run_id,
        most,
    )
    return [row["course_registration_id"] for row in rows]


async def offer(
    transaction: Connection, registration_ids: Sequence[UUID], offered_until: datetime
) -> list[Advanced]:
    """Turn waiting people's wishes into offers that end at a time."""
    rows = await transaction.fetch(
        """
        update course_registration set
            version = version + 1, state = 'offered', offered_until = $2
        where course_registration_id = any($1) and state = 'waitlisted'
        returning course_registration_id, version
        """,
        registration_ids,
        offered_until,
    )
    return [Advanced(*row) for row in rows]


async def run_with_lapsed_offers(transaction: Connection, now: datetime) -> UUID | None:
    """Return a run with offers that have ended, with its balance locked; None if there is none.

    Runs that another worker or a participant is busy with are left for the next time. Offers of a
    run that is off do not end: nobody needs to hear of them any more.
    """
    found: UUID | None = await transaction.fetchval(
        """
        select course_place_balance.course_run_id from course_place_balance
        inner join course_run using (course_run_id)
        where
            course_run.state in ('open', 'confirmed')
            and course_run.first_starts_at > $1
            and exists (
                select from course_registration
                where
                    course_registration.course_run_id = course_place_balance.course_run_id
                    and course_registration.state = 'offered'
                    and course_registration.offered_until <= $1
            )
        order by course_place_balance.course_run_id
        limit 1
        for no key update of course_place_balance skip locked
        """,
        now,
    )
    return found


async def lapse(transaction: Connection, course_run_id: UUID, now: datetime) -> list[Advanced]:
    """End the offers of a run that were not taken in time."""
    rows = await transaction.fetch(
        """
        update course_registration set
            version = version + 1, state = 'lapsed', waits_since = null, offered_until = null
        where course_run_id = $1 and state = 'offered' and offered_until <= $2
        returning course_registration_id, version
        """,
        course_run_id,
        now,
    )
    return [Advanced(*row) for row in rows]


async def end(transaction: Connection, course_run_id: UUID) -> int:
    """Close the list of a run, for a place or a proof; return how many places offers had held."""
    rows = await transaction.fetch(
        """
        with ending as (
            select course_registration_id, state from course_registration
            where course_run_id = $1 and state in ('waitlisted', 'offered', 'proof_pending')
        )
        update course_registration set
            version = version + 1, state = 'unserved', waits_since = null, offered_until = null
        from ending
        where course_registration.course_registration_id = ending.course_registration_id
        returning ending.state
        """,
        course_run_id,
    )
    return sum(row["state"] == "offered" for row in rows)


async def position(connection: Connection, course_registration_id: UUID) -> Position | None:
    """Return where somebody stands on the waiting list; None if they do not wait."""
    row = await connection.fetchrow(
        """
        select
            count(*) filter (
                where (other.waits_since, other.course_registration_id)
                <= (own.waits_since, own.course_registration_id)
            ) as place,
            count(*) as waiting
        from course_registration as own
        inner join course_registration as other
            on own.course_run_id = other.course_run_id and other.state = 'waitlisted'
        where own.course_registration_id = $1 and own.state = 'waitlisted'
        group by own.course_registration_id
        """,
        course_registration_id,
    )
    return Position(*row) if row else None

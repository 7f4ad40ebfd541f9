"""Finds the runs of a course, and those of which something is to be noted."""

from datetime import datetime
from uuid import UUID

from services.events.courses.model import CourseRun
from shared.database import Connection


async def of_course(connection: Connection, course_id: UUID) -> list[CourseRun]:
    """Return the runs of a course, the latest first."""
    rows = await connection.fetch(
        """
        select
            course_run_id, course_id, version, state, held_on, starts_at, ends_at, zone, place_name,
            place_address, minimum, opens_at, closes_at, withdrawal_days, offer_hours,
            previous_starts_at, calendar_event_id
        from course_run
        where course_id = $1
        order by first_starts_at desc, course_run_id
        """,
        course_id,
    )
    return [CourseRun(**row) for row in rows]


async def to_settle(transaction: Connection, now: datetime, most: int) -> list[CourseRun]:
    """Lock and return runs of which something is to be noted: enough take part, or it is over."""
    rows = await transaction.fetch(
        """
        select
            course_run_id, course_id, version, state, held_on, starts_at, ends_at, zone, place_name,
            place_address, minimum, opens_at, closes_at, withdrawal_days, offer_hours,
            previous_starts_at, calendar_event_id
        from course_run
        where
            state in ('open', 'confirmed')
            and (
                last_ends_at <= $1
                or state = 'open' and closes_at <= $1 and minimum <= (
                    select count(*) from course_registration
                    where
                        course_registration.course_run_id = course_run.course_run_id
                        and course_registration.state = 'registered'
                )
                or first_starts_at <= $1 and exists (
                    select from course_registration
                    where
                        course_registration.course_run_id = course_run.course_run_id
                        and course_registration.state in ('waitlisted', 'offered', 'proof_pending')
                )
            )
        order by closes_at, course_run_id
        limit $2
        for no key update skip locked
        """,
        now,
        most,
    )
    return [CourseRun(**row) for row in rows]


async def in_calendar(connection: Connection, course_id: UUID) -> list[UUID]:
    """Return the runs of a course that stand in the calendar and are not over or cancelled."""
    rows = await connection.fetch(
        """
        select course_run_id from course_run
        where course_id = $1 and state in ('open', 'confirmed') and calendar_event_id is not null
        order by course_run_id
        """,
        course_id,
    )
    return [row["course_run_id"] for row in rows]

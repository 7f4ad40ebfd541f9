"""Reads the lists of courses and runs: those that everybody sees, and those of the console."""

from datetime import date, datetime, time
from uuid import UUID

import msgspec

from services.events.courses.model import RunState
from shared.database import Connection


class Announced(msgspec.Struct, frozen=True, kw_only=True):
    """A run as the public list shows it."""

    course_run_id: UUID
    title: str
    organiser: str
    price: str
    state: RunState
    held_on: list[date]
    starts_at: time
    ends_at: time
    place_name: str
    opens_at: datetime
    closes_at: datetime
    places_left: int
    waitlisted: int


class ListedCourse(msgspec.Struct, frozen=True, kw_only=True):
    """A course as the console lists it."""

    course_id: UUID
    title: str
    organiser: str
    runs: int
    next_starts_at: datetime | None
    """Of the next run that is not cancelled; None if there is none."""


class ListedRun(msgspec.Struct, frozen=True, kw_only=True):
    """A run as the console lists it."""

    course_run_id: UUID
    course_id: UUID
    title: str
    state: RunState
    held_on: list[date]
    starts_at: time
    ends_at: time
    place_name: str
    closes_at: datetime
    minimum: int
    maximum: int
    taken: int
    waitlisted: int
    needs_decision: bool
    """Registration has ended with fewer people than the minimum."""


async def announced(connection: Connection, now: datetime, most: int) -> list[Announced]:
    """Return the runs that are not over, the next first; cancelled ones stay in the list."""
    rows = await connection.fetch(
        """
        select
            course_run_id, title, organiser, price, state, held_on, starts_at, ends_at, place_name,
            opens_at, closes_at, maximum - taken as places_left,
            (
                select count(*) from course_registration
                where
                    course_registration.course_run_id = course_run.course_run_id
                    and course_registration.state = 'waitlisted'
            ) as waitlisted
        from course_run
        inner join course using (course_id)
        inner join course_place_balance using (course_run_id)
        where state <> 'planned' and last_ends_at > $1
        order by first_starts_at, course_run_id
        limit $2
        """,
        now,
        most,
    )
    return [Announced(**row) for row in rows]


async def courses(connection: Connection, now: datetime) -> list[ListedCourse]:
    """Return all courses by title."""
    rows = await connection.fetch(
        """
        select
            course_id, title, organiser, count(course_run_id) as runs,
            min(first_starts_at) filter (
                where state <> 'cancelled' and last_ends_at > $1
            ) as next_starts_at
        from course
        left join course_run using (course_id)
        group by course_id
        order by lower(title), course_id
        """,
        now,
    )
    return [ListedCourse(**row) for row in rows]


async def runs(
    connection: Connection, course_id: UUID | None, now: datetime, most: int
) -> list[ListedRun]:
    """Return the runs of a course, or of all: those that need a decision first, then by time."""
    rows = await connection.fetch(
        """
        select
            course_run_id, course_id, title, state, held_on, starts_at, ends_at, place_name,
            closes_at, minimum, maximum, taken,
            (
                select count(*) from course_registration
                where
                    course_registration.course_run_id = course_run.course_run_id
                    and course_registration.state = 'waitlisted'
            ) as waitlisted,
            state = 'open' and closes_at <= $2 as needs_decision
        from course_run
        inner join course using (course_id)
        inner join course_place_balance using (course_run_id)
        where $1::uuid is null or course_id = $1
        order by state = 'open' and closes_at <= $2 desc, first_starts_at desc, course_run_id
        limit $3
        """,
        course_id,
        now,
        most,
    )
    return [ListedRun(**row) for row in rows]

"""Keeps the runs of courses: when and where they are held, and how they stand."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from services.events.courses.model import CourseRun, RunPlace, RunState, RunTerms, RunTimes
from services.events.courses.refusals import RunUnknown
from shared.database import Connection


async def clock(connection: Connection) -> datetime:
    """Return the database's time, which decides about all deadlines."""
    now: datetime = await connection.fetchval("select clock_timestamp()")
    return now


async def add(
    transaction: Connection, course_id: UUID, times: RunTimes, place: RunPlace, terms: RunTerms
) -> UUID:
    """Enter a new run that nobody sees yet and return its id; it has no places so far."""
    made: UUID = await transaction.fetchval(
        """
        insert into course_run (
            course_id, held_on, starts_at, ends_at, zone, place_name, place_address, minimum,
            opens_at, closes_at, withdrawal_days, offer_hours, first_starts_at, last_ends_at
        )
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)
        returning course_run_id
        """,
        course_id,
        times.held_on,
        times.starts_at,
        times.ends_at,
        times.zone,
        place.place_name,
        place.place_address,
        terms.minimum,
        terms.opens_at,
        terms.closes_at,
        terms.withdrawal_days,
        terms.offer_hours,
        times.first_starts_at,
        times.last_ends_at,
    )
    return made


async def get(connection: Connection, course_run_id: UUID) -> CourseRun:
    """Return a run as it stands, without locking it.

    Raises:
        RunUnknown: there is none.
    """
    row = await connection.fetchrow(
        """
        select
            course_run_id, course_id, version, state, held_on, starts_at, ends_at, zone, place_name,
            place_address, minimum, opens_at, closes_at, withdrawal_days, offer_hours,
            previous_starts_at, calendar_event_id
        from course_run
        where course_run_id = $1
        """,
        course_run_id,
    )
    if row is None:
        raise RunUnknown
    return CourseRun(**row)


async def titled(
    connection: Connection, course_run_ids: Sequence[UUID]
) -> list[tuple[UUID, str, datetime, str]]:
    """Return those of these runs that everybody may see: id, course's title, beginning, zone."""
    rows = await connection.fetch(
        """
        select course_run_id, title, first_starts_at, zone
        from course_run
        inner join course using (course_id)
        where course_run_id = any($1) and state <> 'planned'
        """,
        course_run_ids,
    )
    return [
        (row["course_run_id"], row["title"], row["first_starts_at"], row["zone"]) for row in rows
    ]


async def hold(transaction: Connection, course_run_id: UUID) -> CourseRun:
    """Return a run that stays as it is until the transaction ends; many can hold it at once.

    Lock in this order: the run, its balance of places, registrations.

    Raises:
        RunUnknown: there is none.
    """
    row = await transaction.fetchrow(
        """
        select
            course_run_id, course_id, version, state, held_on, starts_at, ends_at, zone, place_name,
            place_address, minimum, opens_at, closes_at, withdrawal_days, offer_hours,
            previous_starts_at, calendar_event_id
        from course_run
        where course_run_id = $1
        for share
        """,
        course_run_id,
    )
    if row is None:
        raise RunUnknown
    return CourseRun(**row)


async def lock(transaction: Connection, course_run_id: UUID) -> CourseRun:
    """Return a run and keep others from changing it and from registering for it.

    Raises:
        RunUnknown: there is none.
    """
    row = await transaction.fetchrow(
        """
        select
            course_run_id, course_id, version, state, held_on, starts_at, ends_at, zone, place_name,
            place_address, minimum, opens_at, closes_at, withdrawal_days, offer_hours,
            previous_starts_at, calendar_event_id
        from course_run
        where course_run_id = $1
        for no key update
        """,
        course_run_id,
    )
    if row is None:
        raise RunUnknown
    return CourseRun(**row)


async def set_state(transaction: Connection, course_run_id: UUID, state: RunState) -> int:
    """Put a run that is locked into another state and return its new version."""
    version: int = await transaction.fetchval(
        """
        update course_run set version = version + 1, state = $2
        where course_run_id = $1
        returning version
        """,
        course_run_id,
        state,
    )
    return version


async def set_terms(transaction: Connection, course_run_id: UUID, terms: RunTerms) -> int:
    """Change the terms of a run that is locked, but for its places; return its new version."""
    version: int = await transaction.fetchval(
        """
        update course_run set
            version = version + 1, minimum = $2, opens_at = $3, closes_at = $4,
            withdrawal_days = $5, offer_hours = $6
        where course_run_id = $1
        returning version
        """,
        course_run_id,
        terms.minimum,
        terms.opens_at,
        terms.closes_at,
        terms.withdrawal_days,
        terms.offer_hours,
    )
    return version


async def move(
    transaction: Connection, run: CourseRun, times: RunTimes, place: RunPlace, closes_at: datetime
) -> int:
    """Put a run that is locked to another time and place and return its new version."""
    version: int = await transaction.fetchval(
        """
        update course_run set
            version = version + 1, held_on = $2, starts_at = $3, ends_at = $4, place_name = $5,
            place_address = $6, closes_at = $7, first_starts_at = $8, last_ends_at = $9,
            previous_starts_at = case
                when first_starts_at = $8 then previous_starts_at else first_starts_at
            end
        where course_run_id = $1
        returning version
        """,
        run.course_run_id,
        times.held_on,
        times.starts_at,
        times.ends_at,
        place.place_name,
        place.place_address,
        closes_at,
        times.first_starts_at,
        times.last_ends_at,
    )
    return version


async def put_into_calendar(
    transaction: Connection, course_run_id: UUID, calendar_event_id: UUID
) -> None:
    """Note which event stands in the calendar for a run."""
    await transaction.execute(
        "update course_run set calendar_event_id = $2 where course_run_id = $1",
        course_run_id,
        calendar_event_id,
    )

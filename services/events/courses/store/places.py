"""Counts the places of a run, so that never one more is taken than there is."""

from uuid import UUID

from services.events.courses.model import Balance
from shared.database import Connection


async def take(transaction: Connection, course_run_id: UUID, places: int) -> bool:
    """Take all of these places or none, and tell which; a negative number frees places.

    The row stays locked until the transaction ends.
    """
    taken = await transaction.fetchval(
        """
        update course_place_balance set taken = taken + $2
        where course_run_id = $1 and ($2 <= 0 or taken + $2 <= maximum)
        returning true
        """,
        course_run_id,
        places,
    )
    return taken is not None


async def lock(transaction: Connection, course_run_id: UUID) -> Balance:
    """Return the balance and lock it, and with it the waiting list, until the transaction ends.

    Raises:
        LookupError: there is no such run.
    """
    row = await transaction.fetchrow(
        """
        select maximum, taken from course_place_balance where course_run_id = $1
        for no key update
        """,
        course_run_id,
    )
    if row is None:
        raise LookupError(course_run_id)
    return Balance(*row)


async def provide(transaction: Connection, course_run_id: UUID, maximum: int) -> None:
    """Give a new run its places, none of them taken."""
    await transaction.execute(
        "insert into course_place_balance (course_run_id, maximum) values ($1, $2)",
        course_run_id,
        maximum,
    )


async def resize(transaction: Connection, course_run_id: UUID, maximum: int) -> bool:
    """Change how many places there are, unless more than that are taken; tell which."""
    resized = await transaction.fetchval(
        """
        update course_place_balance set maximum = $2
        where course_run_id = $1 and taken <= $2
        returning true
        """,
        course_run_id,
        maximum,
    )
    return resized is not None


async def balance(connection: Connection, course_run_id: UUID) -> Balance:
    """Return what there is and what is taken, without locking it.

    Raises:
        LookupError: there is no such run.
    """
    row = await connection.fetchrow(
        "select maximum, taken from course_place_balance where course_run_id = $1", course_run_id
    )
    if row is None:
        raise LookupError(course_run_id)
    return Balance(*row)

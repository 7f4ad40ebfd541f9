"""Keeps what courses say about themselves."""

from uuid import UUID

from services.events.courses.model import Course, CourseTexts
from services.events.courses.refusals import CourseUnknown
from shared.database import Connection


async def add(transaction: Connection, texts: CourseTexts) -> UUID:
    """Enter a new course and return its id."""
    made: UUID = await transaction.fetchval(
        """
        insert into course (title, description, prerequisites, organiser, price, needs_proof)
        values ($1, $2, $3, $4, $5, $6)
        returning course_id
        """,
        texts.title,
        texts.description,
        texts.prerequisites,
        texts.organiser,
        texts.price,
        texts.needs_proof,
    )
    return made


async def get(connection: Connection, course_id: UUID) -> Course:
    """Return a course.

    Raises:
        CourseUnknown: there is none.
    """
    row = await connection.fetchrow(
        """
        select
            course_id, version, title, description, prerequisites, organiser, price, needs_proof
        from course
        where course_id = $1
        """,
        course_id,
    )
    if row is None:
        raise CourseUnknown
    return Course(**row)


async def change(
    transaction: Connection, course_id: UUID, version: int, texts: CourseTexts
) -> bool:
    """Let a course say something else, unless its version is another one; tell which."""
    changed = await transaction.fetchval(
        """
        update course set
            version = version + 1, title = $3, description = $4, prerequisites = $5,
            organiser = $6, price = $7, needs_proof = $8
        where course_id = $1 and version = $2
        returning true
        """,
        course_id,
        version,
        texts.title,
        texts.description,
        texts.prerequisites,
        texts.organiser,
        texts.price,
        texts.needs_proof,
    )
    return changed is not None

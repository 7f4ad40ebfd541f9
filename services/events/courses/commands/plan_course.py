"""Staff enter a course that can be held."""

from uuid import UUID

import msgspec

from services.events.courses.model import CourseTexts
from services.events.courses.planning import checked_texts
from services.events.courses.store import courses
from shared.database import Connection


class PlanCourse(msgspec.Struct, frozen=True, kw_only=True):
    """What the course says about itself."""

    texts: CourseTexts


async def plan_course(transaction: Connection, command: PlanCourse) -> UUID:
    """Enter the course, which nobody sees before one of its runs is announced; return its id.

    Raises:
        Malformed: names the field.
    """
    return await courses.add(transaction, checked_texts(command.texts))

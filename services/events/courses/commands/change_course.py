"""Staff let a course say something else."""

from datetime import datetime
from uuid import UUID

import msgspec

from services.events.courses.commands.keep_in_calendar import KeepInCalendar, keep_in_calendar
from services.events.courses.model import CourseTexts
from services.events.courses.planning import checked_texts
from services.events.courses.refusals import StaleVersion
from services.events.courses.store import courses, run_lists, runs
from services.events.keeping import Deed
from services.events.site import Site
from shared.database import Connection


class ChangeCourse(msgspec.Struct, frozen=True, kw_only=True):
    """Which course, as its editor has seen it, and what it says from now on."""

    course_id: UUID
    version: int
    texts: CourseTexts
    by: str
    """The name of the member of staff."""


async def change_course(
    transaction: Connection, command: ChangeCourse, site: Site, now: datetime
) -> None:
    """Change the texts, in the calendar too for runs that are announced and not over.

    Raises:
        CourseUnknown: there is no such course.
        StaleVersion: it has changed since its editor has read it.
        Malformed: names the field.
    """
    texts = checked_texts(command.texts)
    await courses.get(transaction, command.course_id)
    if not await courses.change(transaction, command.course_id, command.version, texts):
        raise StaleVersion
    course = await courses.get(transaction, command.course_id)
    for course_run_id in await run_lists.in_calendar(transaction, command.course_id):
        run = await runs.lock(transaction, course_run_id)
        deed = Deed("change_course", command.by)
        await keep_in_calendar(
            transaction, KeepInCalendar(run=run, course=course, deed=deed), site, now
        )

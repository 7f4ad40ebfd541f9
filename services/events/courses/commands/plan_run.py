"""Staff plan a run of a course: when, where, for how many."""

from uuid import UUID

import msgspec

from services.events.courses.model import RunPlace, RunTerms, RunTimes
from services.events.courses.planning import checked_place, checked_terms, checked_times
from services.events.courses.store import courses, places, runs
from shared.database import Connection


class PlanRun(msgspec.Struct, frozen=True, kw_only=True):
    """Of which course, and everything that has to be settled before it is announced."""

    course_id: UUID
    times: RunTimes
    place: RunPlace
    terms: RunTerms


async def plan_run(transaction: Connection, command: PlanRun) -> UUID:
    """Enter the run, which nobody sees before it is opened, with its places; return its id.

    Raises:
        CourseUnknown: there is no such course.
        Malformed: names the first field that makes no sense.
    """
    times = checked_times(command.times)
    terms = checked_terms(command.terms, times)
    await courses.get(transaction, command.course_id)
    course_run_id = await runs.add(
        transaction, command.course_id, times, checked_place(command.place), terms
    )
    await places.provide(transaction, course_run_id, terms.maximum)
    return course_run_id

"""Queue the news that a run of a course has moved, is held for certain, or is not held."""

from typing import Final, TypeAlias, get_args

import msgspec

from services.notifier.model import CoursePurpose
from services.notifier.store import courses
from shared.contracts.events import CourseRunCancelled, CourseRunConfirmed, CourseRunRescheduled
from shared.database import Connection

AnnouncedChange: TypeAlias = CourseRunRescheduled | CourseRunConfirmed | CourseRunCancelled
OVERTAKEN: Final[list[CoursePurpose]] = [
    purpose for purpose in get_args(CoursePurpose) if purpose != "course_cancelled"
]


class AnnounceRunChange(msgspec.Struct, frozen=True, kw_only=True):
    """What has happened to which run."""

    fact: AnnouncedChange


async def announce_run_change(transaction: Connection, command: AnnounceRunChange) -> None:
    """Tell everybody whom it concerns, and withhold what is no longer true.

    That a run is held is told to who has a place; the others learn it with one. A change that is
    heard of after a later one of its kind, or after the cancellation, is noted and told to nobody.
    """
    fact = command.fact
    purpose: CoursePurpose
    if isinstance(fact, CourseRunCancelled):
        purpose, overtaken, reason = "course_cancelled", OVERTAKEN, "course_cancelled"
    elif isinstance(fact, CourseRunConfirmed):
        purpose, overtaken, reason = "course_confirmed", ["course_confirmed"], "overtaken"
    else:
        purpose, overtaken, reason = "course_moved", ["course_moved"], "overtaken"
    participants = await courses.participants_to_tell(
        transaction, fact.course_run_id, purpose, fact.version
    )
    if await courses.was_told_later(transaction, fact.course_run_id, purpose, fact.version):
        await courses.note_overtaken(transaction, participants)
        return
    await courses.withhold_of_run(transaction, fact.course_run_id, overtaken, reason)
    await courses.queue(transaction, participants)

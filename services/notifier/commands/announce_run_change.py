"""Queue the news that a run of a course has moved, or is not held."""

from typing import Final, get_args

import msgspec

from services.notifier.model import CoursePurpose
from services.notifier.store import courses
from shared.contracts.events import CourseRunCancelled, CourseRunRescheduled
from shared.database import Connection

OVERTAKEN: Final[list[CoursePurpose]] = [
    purpose for purpose in get_args(CoursePurpose) if purpose != "course_cancelled"
]


class AnnounceRunChange(msgspec.Struct, frozen=True, kw_only=True):
    """What has happened to which run."""

    fact: CourseRunRescheduled | CourseRunCancelled


async def announce_run_change(transaction: Connection, command: AnnounceRunChange) -> None:
    """Tell everybody who has a place, an offer or waits; withhold what is no longer true."""
    fact = command.fact
    purpose: CoursePurpose
    if isinstance(fact, CourseRunCancelled):
        purpose, overtaken, reason = "course_cancelled", OVERTAKEN, "course_cancelled"
    else:
        purpose, overtaken, reason = "course_moved", ["course_moved"], "overtaken"
    await courses.withhold_of_run(transaction, fact.course_run_id, overtaken, reason)
    participants = await courses.participants_to_tell(
        transaction, fact.course_run_id, purpose, fact.version
    )
    await courses.queue(transaction, participants)

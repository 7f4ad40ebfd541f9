"""Answers other services' questions about courses: registrations, who has registered, runs."""

from collections.abc import Sequence
from uuid import UUID

from services.events.courses.commands.give_links import GiveLinks, give_links
from services.events.courses.store import participants, runs
from shared.answering import Answering
from shared.contracts.courses import (
    CourseParticipantDetails,
    CourseParticipants,
    CourseRegistrationDetails,
    CourseRegistrations,
    CourseRunDetails,
    CourseRuns,
)
from shared.database import Pool, transaction


def answers(pool: Pool) -> list[Answering]:
    """Return what events can be asked about courses; of runs, what everybody may see."""

    async def read_registrations(ids: Sequence[UUID]) -> list[CourseRegistrationDetails]:
        async with transaction(pool) as opened:
            return await give_links(opened, GiveLinks(course_registration_ids=tuple(ids)))

    async def read_participants(ids: Sequence[UUID]) -> list[CourseParticipantDetails]:
        async with pool.acquire() as connection:
            found = await participants.named(connection, ids)
        return [
            CourseParticipantDetails(course_registration_id=one, name=name) for one, name in found
        ]

    async def read_runs(ids: Sequence[UUID]) -> list[CourseRunDetails]:
        async with pool.acquire() as connection:
            found = await runs.titled(connection, ids)
        return [
            CourseRunDetails(course_run_id=one, title=title, starts_at=starts_at, zone=zone)
            for one, title, starts_at, zone in found
        ]

    return [
        Answering(CourseRegistrations, read_registrations),
        Answering(CourseParticipants, read_participants),
        Answering(CourseRuns, read_runs),
    ]

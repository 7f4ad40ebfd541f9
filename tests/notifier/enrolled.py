"""Builds registrations for courses and lets notifier hear what has happened to them."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from services.notifier.commands.announce_run_change import AnnounceRunChange, announce_run_change
from services.notifier.commands.follow_registrations import (
    FollowRegistrations,
    follow_registrations,
)
from services.notifier.courses import RegistrationFact
from shared.contracts.courses import CourseRegistrationDetails, CourseSession
from shared.contracts.events import CourseRunCancelled, CourseRunConfirmed, CourseRunRescheduled
from shared.database import Pool, transaction

RUN_ID = UUID("0197b000-0000-7000-8000-00000000000a")
FIRST = (datetime.now(UTC) + timedelta(days=60)).replace(hour=17, minute=0, second=0, microsecond=0)


def enrolled(**changes: Any) -> CourseRegistrationDetails:
    """Return a participant with a place in a course of two evenings, in two months."""
    evenings = [FIRST, FIRST + timedelta(days=7)]
    values: dict[str, Any] = {
        "course_registration_id": uuid4(),
        "version": 2,
        "state": "registered",
        "name": "Grit Beispiel",
        "email": "grit@example.org",
        "is_substitute": False,
        "offered_until": None,
        "course_run_id": RUN_ID,
        "title": "Buchführung für Vereine",
        "sessions": [CourseSession(one, one + timedelta(hours=2)) for one in evenings],
        "zone": "Europe/Berlin",
        "place": "Volkshochschule, Lindenplatz 10",
        "price": "kostenlos für Engagierte",
        "is_cancelled": False,
        "previous_starts_at": None,
        "withdraws_in_time_until": FIRST - timedelta(days=7),
        "confirm_until": None,
        "link_token": "y" * 32,
    }
    return CourseRegistrationDetails(**values | changes)


def about(told: CourseRegistrationDetails, **changes: Any) -> dict[str, Any]:
    """Return the fields that all facts about a registration have."""
    return {
        "course_registration_id": told.course_registration_id,
        "course_run_id": told.course_run_id,
        "version": told.version,
        **changes,
    }


async def hear(pool: Pool, *facts: RegistrationFact) -> None:
    """Have notifier hear of these facts."""
    async with transaction(pool) as opened:
        await follow_registrations(opened, FollowRegistrations(facts=facts))


async def hear_of_run(
    pool: Pool, fact: CourseRunRescheduled | CourseRunConfirmed | CourseRunCancelled
) -> None:
    """Have notifier hear that a run has moved or is off."""
    async with transaction(pool) as opened:
        await announce_run_change(opened, AnnounceRunChange(fact=fact))

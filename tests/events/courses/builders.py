"""Builds courses, runs and participants that are right unless a test says otherwise."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from services.events.courses.commands.confirm_registration import (
    ConfirmRegistration,
    confirm_registration,
)
from services.events.courses.commands.give_links import GiveLinks, give_links
from services.events.courses.commands.open_run import OpenRun, open_run
from services.events.courses.commands.plan_course import PlanCourse, plan_course
from services.events.courses.commands.plan_run import PlanRun, plan_run
from services.events.courses.commands.request_registration import (
    RequestRegistration,
    request_registration,
)
from services.events.courses.model import CourseRun, CourseTexts, RunPlace, RunTerms, RunTimes
from services.events.courses.store import registrations, runs
from services.events.courses.store.registrations import Applicant
from services.events.site import Site
from shared.database import Connection
from tests.events.builders import EDITOR

SITE = Site("https://ehrenamt.example.de")
NOW = datetime.now(UTC).replace(microsecond=0)
FIRST_DAY = NOW.date() + timedelta(days=30)


def texts(**changes: Any) -> CourseTexts:
    """Return what a course about accounts says."""
    given: dict[str, Any] = {
        "title": "Buchführung für Vereine",
        "description": "Von der Quittung zum Kassenbericht.",
        "prerequisites": "Keine",
        "organiser": "Volkshochschule Elbstadt",
        "price": "kostenlos für Engagierte",
        **changes,
    }
    return CourseTexts(**given)


def times(*days: date, **changes: Any) -> RunTimes:
    """Return two evenings in a month, unless other days are given."""
    held_on = list(days) or [FIRST_DAY, FIRST_DAY + timedelta(days=7)]
    given: dict[str, Any] = {"starts_at": time(18), "ends_at": time(20, 30), **changes}
    return RunTimes(held_on=held_on, **given)


def place(**changes: Any) -> RunPlace:
    """Return a room."""
    return RunPlace(
        **{"place_name": "Volkshochschule", "place_address": "Lindenplatz 10"} | changes
    )


def terms(**changes: Any) -> RunTerms:
    """Return the terms of a run whose registration is open now."""
    given: dict[str, Any] = {
        "minimum": 2,
        "maximum": 10,
        "opens_at": NOW - timedelta(days=1),
        "closes_at": NOW + timedelta(days=20),
        "withdrawal_days": 7,
        "offer_hours": 48,
        **changes,
    }
    return RunTerms(**given)


async def planned(
    transaction: Connection,
    *,
    on: RunTimes | None = None,
    says: CourseTexts | None = None,
    **changes: Any,
) -> UUID:
    """Plan a course with a run that nobody sees; changes are of its terms."""
    course_id = await plan_course(transaction, PlanCourse(texts=says or texts()))
    command = PlanRun(
        course_id=course_id, times=on or times(), place=place(), terms=terms(**changes)
    )
    return await plan_run(transaction, command)


async def opened(transaction: Connection, *, on: RunTimes | None = None, **changes: Any) -> UUID:
    """Plan and announce a run."""
    run_id = await planned(transaction, on=on, **changes)
    await open_run(transaction, OpenRun(course_run_id=run_id, version=1, by=EDITOR), SITE, NOW)
    return run_id


def applicant(number: int = 1, **changes: Any) -> Applicant:
    """Return somebody who wants to take part."""
    given = {"name": f"Grit Muster{number}", "email": f"grit{number}@example.org", "consent": "1"}
    return Applicant(**given | changes)


async def requested(transaction: Connection, run_id: UUID, number: int = 1) -> UUID:
    """Have somebody ask for a place, without confirming."""
    who = applicant(number)
    command = RequestRegistration(course_run_id=run_id, applicant=who)
    await request_registration(transaction, command, NOW)
    known = await registrations.find_counting(transaction, run_id, who.email)
    assert known is not None
    return known.course_registration_id


async def confirmed(transaction: Connection, run_id: UUID, number: int = 1) -> UUID:
    """Have somebody ask for a place and confirm it: a place or the waiting list."""
    registration_id = await requested(transaction, run_id, number)
    await confirm(transaction, run_id, registration_id)
    return registration_id


async def confirm(
    transaction: Connection, run_id: UUID, registration_id: UUID, now: datetime = NOW
) -> None:
    """Confirm a registration."""
    command = ConfirmRegistration(course_registration_id=registration_id, course_run_id=run_id)
    await confirm_registration(transaction, command, now)


async def state(transaction: Connection, registration_id: UUID) -> str:
    """Return how a registration stands."""
    return (await registrations.get(transaction, registration_id)).state


async def run_of(transaction: Connection, run_id: UUID) -> CourseRun:
    """Return a run as it stands."""
    return await runs.get(transaction, run_id)


async def link(transaction: Connection, registration_id: UUID) -> str:
    """Return the secret of a fresh link, as a mail would bring it."""
    (told,) = await give_links(transaction, GiveLinks(course_registration_ids=(registration_id,)))
    return told.link_token

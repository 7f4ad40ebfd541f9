"""Plans the made-up city's courses, opens them and lets people register."""

from datetime import datetime

from deploy.demo.courses import DemoCourse, invent_courses
from services.events.courses.commands.confirm_registration import (
    ConfirmRegistration,
    confirm_registration,
)
from services.events.courses.commands.open_run import OpenRun, open_run
from services.events.courses.commands.plan_course import PlanCourse, plan_course
from services.events.courses.commands.plan_run import PlanRun, plan_run
from services.events.courses.commands.request_registration import (
    RequestRegistration,
    request_registration,
)
from services.events.courses.store import registrations, runs
from services.events.site import Site
from shared.database import Connection, Pool, transaction

BY = "Demodaten"


async def load_courses(events: Pool, site: Site) -> None:
    """Enter the courses that are not there yet, each with its run and its participants."""
    async with transaction(events) as opened:
        now = await runs.clock(opened)
        for course in invent_courses(now):
            if not await opened.fetchval(
                "select true from course where title = $1", course.texts.title
            ):
                await _load(opened, course, site, now)


async def _load(opened: Connection, course: DemoCourse, site: Site, now: datetime) -> None:
    course_id = await plan_course(opened, PlanCourse(texts=course.texts))
    plan = PlanRun(course_id=course_id, times=course.times, place=course.place, terms=course.terms)
    run_id = await plan_run(opened, plan)
    await open_run(opened, OpenRun(course_run_id=run_id, version=1, by=BY), site, now)
    for applicant in course.applicants:
        wish = RequestRegistration(course_run_id=run_id, applicant=applicant)
        await request_registration(opened, wish, now)
        known = await registrations.find_counting(opened, run_id, applicant.email)
        if known is None:
            raise LookupError(applicant.email)
        command = ConfirmRegistration(
            course_registration_id=known.course_registration_id, course_run_id=run_id
        )
        await confirm_registration(opened, command, await runs.clock(opened))

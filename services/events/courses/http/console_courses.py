"""The console's list of courses, the page of one, and the forms that plan courses and runs."""

from typing import Final
from uuid import UUID

import msgspec
from litestar import get, post
from litestar.params import FromPath

from services.events.courses import labels
from services.events.courses.commands.change_course import ChangeCourse, change_course
from services.events.courses.commands.plan_course import PlanCourse, plan_course
from services.events.courses.commands.plan_run import plan_run
from services.events.courses.http.acting import (
    EDITS,
    LIST,
    ONE_COURSE,
    RUNS,
    UNPROCESSABLE,
    acting,
    put_beside,
)
from services.events.courses.http.console_forms import CourseForm, RunForm, copied
from services.events.courses.model import Course
from services.events.courses.store import catalogue, courses, places, runs
from services.events.http.seen import template_id
from shared.errors import Refused
from shared.web.forms import Form, empty_form, read_form
from shared.web.pages import Page, page, see_other
from shared.web.request import Request

MOST_RUNS: Final = 100


@get(LIST, opt=EDITS)
async def get_console_courses(request: Request) -> Page:
    """List all courses, and the runs that are on, those that need a decision first."""
    async with request.pool.acquire() as connection:
        now = await runs.clock(connection)
        found = await catalogue.courses(connection, now)
        listed = await catalogue.runs(connection, None, now, MOST_RUNS)
    return page(request, "konsole_kurse.html", courses=found, runs=listed, labels=labels)


@get(f"{LIST}/neu", opt=EDITS)
async def get_new_course(request: Request) -> Page:
    """Show the form for a new course."""
    return page(request, "konsole_kurs_neu.html", form=empty_form(CourseForm))


@post(LIST, opt=EDITS)
async def post_new_course(request: Request) -> Page:
    """Enter a new course."""
    form = await read_form(request, CourseForm)
    if form.is_valid:
        try:
            async with acting(request) as deed:
                course_id = await plan_course(deed.transaction, PlanCourse(texts=form.value.texts))
                await deed.note(request, "plan_course", f"course:{course_id}")
        except Refused as refusal:
            form.refuse(refusal)
        else:
            return see_other(
                request, f"{LIST}/{course_id}", "Der Kurs ist angelegt. Planen Sie nun Durchgänge."
            )
    return page(request, "konsole_kurs_neu.html", status=UNPROCESSABLE, form=form)


@get(ONE_COURSE, opt=EDITS)
async def get_console_course(request: Request, course_id: FromPath[UUID]) -> Page:
    """Show a course with its runs."""
    async with request.pool.acquire() as connection:
        course = await courses.get(connection, course_id)
        now = await runs.clock(connection)
        listed = await catalogue.runs(connection, course_id, now, MOST_RUNS)
    return page(request, "konsole_kurs.html", course=course, runs=listed, labels=labels)


@get(f"{ONE_COURSE}/aendern", opt=EDITS)
async def get_change_course(request: Request, course_id: FromPath[UUID]) -> Page:
    """Show the form for what a course says."""
    course = await _course(request, course_id)
    form = empty_form(CourseForm, msgspec.structs.asdict(course))
    return page(request, "konsole_kurs_aendern.html", course=course, form=form)


@post(f"{ONE_COURSE}/aendern", opt=EDITS)
async def post_change_course(request: Request, course_id: FromPath[UUID]) -> Page:
    """Let a course say something else."""
    form = await read_form(request, CourseForm)
    if form.is_valid:
        command = ChangeCourse(
            course_id=course_id,
            version=form.value.version,
            texts=form.value.texts,
            by=request.signed_in.name,
        )
        try:
            async with acting(request) as deed:
                await change_course(deed.transaction, command, deed.site, deed.now)
                await deed.note(request, "change_course", f"course:{course_id}")
        except Refused as refusal:
            form.refuse(refusal)
        else:
            return see_other(request, f"{LIST}/{course_id}", "Die Änderungen sind gespeichert.")
    course = await _course(request, course_id)
    return page(
        request, "konsole_kurs_aendern.html", status=UNPROCESSABLE, course=course, form=form
    )


@get(f"{ONE_COURSE}/durchgang", opt=EDITS)
async def get_new_run(request: Request, course_id: FromPath[UUID]) -> Page:
    """Show the form for a new run, filled like another one if the address names it.

    Raises:
        RunUnknown: there is none to be like.
    """
    source_id = template_id(request)
    if source_id is None:
        return await _new_run_page(request, course_id, empty_form(RunForm))
    async with request.pool.acquire() as connection:
        like = copied(
            await runs.get(connection, source_id), await places.balance(connection, source_id)
        )
    return await _new_run_page(request, course_id, empty_form(RunForm, like))


@post(f"{ONE_COURSE}/durchgang", opt=EDITS)
async def post_new_run(request: Request, course_id: FromPath[UUID]) -> Page:
    """Plan a run."""
    form = await read_form(request, RunForm)
    if form.is_valid:
        try:
            async with acting(request) as deed:
                course_run_id = await plan_run(deed.transaction, form.value.plan(course_id))
                await deed.note(request, "plan_run", f"course_run:{course_run_id}")
        except Refused as refusal:
            put_beside(form, refusal)
        else:
            return see_other(
                request,
                f"{RUNS}/{course_run_id}",
                "Der Durchgang ist geplant. Noch sieht ihn niemand.",
            )
    return await _new_run_page(request, course_id, form, UNPROCESSABLE)


async def _new_run_page(
    request: Request, course_id: UUID, form: Form[RunForm], status: int = 200
) -> Page:
    course = await _course(request, course_id)
    return page(request, "konsole_durchgang_neu.html", status=status, course=course, form=form)


async def _course(request: Request, course_id: UUID) -> Course:
    async with request.pool.acquire() as connection:
        return await courses.get(connection, course_id)


ROUTES = [
    get_console_courses,
    get_new_course,
    post_new_course,
    get_console_course,
    get_change_course,
    post_change_course,
    get_new_run,
    post_new_run,
]

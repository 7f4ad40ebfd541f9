"""The forms that change a run: its numbers and deadlines, or its time and place."""

from uuid import UUID

from litestar import get, post
from litestar.params import FromPath

from services.events.courses import labels
from services.events.courses.commands.change_run import change_run
from services.events.courses.commands.move_run import move_run
from services.events.courses.http.acting import (
    EDITS,
    ONE_RUN,
    RUNS,
    UNPROCESSABLE,
    acting,
    put_beside,
    trying,
)
from services.events.courses.http.console_forms import MoveForm, TermsForm, filled
from services.events.courses.http.run_frame import Seen, run_page, see
from shared.errors import Refused
from shared.web.forms import Form, empty_form, read_form
from shared.web.pages import Page, page, see_other
from shared.web.request import Request


@get(f"{ONE_RUN}/aendern", opt=EDITS)
async def get_change(request: Request, course_run_id: FromPath[UUID]) -> Page:
    """Show the form for numbers and deadlines."""
    seen = await see(request, course_run_id)
    form = empty_form(TermsForm, filled(seen.run, seen.balance))
    return run_page(request, "konsole_durchgang_aendern.html", seen, form=form)


@post(f"{ONE_RUN}/aendern", opt=EDITS)
async def post_change(request: Request, course_run_id: FromPath[UUID]) -> Page:
    """Change numbers and deadlines; places that are added go to those who wait."""
    form = await read_form(request, TermsForm)
    if form.is_valid:
        try:
            async with acting(request) as deed:
                await change_run(deed.transaction, form.value.command(course_run_id), deed.now)
                await deed.note(request, "change_run", f"course_run:{course_run_id}")
        except Refused as refusal:
            put_beside(form, refusal)
        else:
            return see_other(request, f"{RUNS}/{course_run_id}", "Die Änderungen sind gespeichert.")
    seen = await see(request, course_run_id)
    return run_page(
        request, "konsole_durchgang_aendern.html", seen, status=UNPROCESSABLE, form=form
    )


@get(f"{ONE_RUN}/verlegen", opt=EDITS)
async def get_move(request: Request, course_run_id: FromPath[UUID]) -> Page:
    """Show the form for another time or place."""
    seen = await see(request, course_run_id)
    form = empty_form(MoveForm, filled(seen.run, seen.balance))
    return run_page(request, "konsole_durchgang_verlegen.html", seen, form=form)


@post(f"{ONE_RUN}/verlegen", opt=EDITS)
async def post_move(request: Request, course_run_id: FromPath[UUID]) -> Page:
    """Move a run once that is confirmed; before, say who will be told."""
    form = await read_form(request, MoveForm)
    if form.is_valid:
        command = form.value.command(course_run_id, request.signed_in.name)
        try:
            if not form.value.is_confirmed:
                async with trying(request) as attempt:
                    await move_run(attempt.transaction, command, attempt.site, attempt.now)
                return _confirm_move(request, await see(request, course_run_id), form)
            async with acting(request) as deed:
                await move_run(deed.transaction, command, deed.site, deed.now)
                await deed.note(request, "move_run", f"course_run:{course_run_id}")
        except Refused as refusal:
            put_beside(form, refusal)
        else:
            return see_other(request, f"{RUNS}/{course_run_id}", "Der Kurs ist verlegt.")
    seen = await see(request, course_run_id)
    return run_page(
        request, "konsole_durchgang_verlegen.html", seen, status=UNPROCESSABLE, form=form
    )


def _confirm_move(request: Request, seen: Seen, form: Form[MoveForm]) -> Page:
    times = form.value.times
    new = labels.when(times.held_on, times.starts_at, times.ends_at)
    return page(
        request,
        "confirm.html",
        question=f"„{seen.course.title}“ verlegen?",
        consequences=[
            f"Neu: {new}, {form.value.place_name}",
            f"Bisher: {seen.when}, {seen.run.place_name}",
            seen.who_is_told,
            "Anmeldungen und Warteliste bleiben bestehen.",
        ],
        action=f"{seen.path}/verlegen",
        yes="Ja, verlegen",
        back=f"{seen.path}/verlegen",
        fields={name: form.text(name) for name in form.raw} | {"is_confirmed": "on"},
    )


ROUTES = [get_change, post_change, get_move, post_move]

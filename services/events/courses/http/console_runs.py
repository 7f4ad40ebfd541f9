"""The console's page of a run and what is decided about it: announce, confirm, cancel."""

from uuid import UUID

from litestar import get, post
from litestar.params import FromPath

from services.events.courses.calendar_entry import run_path
from services.events.courses.commands.cancel_run import CancelRun, cancel_run
from services.events.courses.commands.confirm_run import ConfirmRun, confirm_run
from services.events.courses.commands.open_run import OpenRun, open_run
from services.events.courses.http.acting import (
    EDITS,
    ONE_RUN,
    RUNS,
    acting,
)
from services.events.courses.http.run_frame import Seen, question_page, run_page, see
from services.events.http.seen import seen_version
from shared.german import moment
from shared.web.pages import Page, see_other
from shared.web.request import Request


@get(ONE_RUN, opt=EDITS)
async def get_console_run(request: Request, course_run_id: FromPath[UUID]) -> Page:
    """Show how a run stands, with what can be done about it."""
    seen = await see(request, course_run_id)
    return run_page(request, "konsole_durchgang.html", seen, public=run_path(course_run_id))


@get(f"{ONE_RUN}/oeffnen", opt=EDITS)
async def get_open(request: Request, course_run_id: FromPath[UUID]) -> Page:
    """Ask whether a run is to be announced."""
    seen = await see(request, course_run_id)
    opens, closes = (moment(at, seen.run.zone) for at in (seen.run.opens_at, seen.run.closes_at))
    return question_page(
        request,
        seen,
        "oeffnen",
        question=f"{seen.name} veröffentlichen?",
        yes="Veröffentlichen",
        consequences=[
            "Der Kurs steht sofort auf der Seite „Kurse“, im Kalender und in den Abonnements.",
            f"Anmelden kann man sich von {opens} bis {closes}.",
        ],
    )


@post(f"{ONE_RUN}/oeffnen", opt=EDITS)
async def post_open(request: Request, course_run_id: FromPath[UUID]) -> Page:
    """Announce a run."""
    version, by = await seen_version(request), request.signed_in.name
    command = OpenRun(course_run_id=course_run_id, version=version, by=by)
    async with acting(request) as deed:
        await open_run(deed.transaction, command, deed.site, deed.now)
        await deed.note(request, "open_run", f"course_run:{course_run_id}")
    return see_other(request, f"{RUNS}/{course_run_id}", "Der Kurs ist veröffentlicht.")


@get(f"{ONE_RUN}/bestaetigen", opt=EDITS)
async def get_confirm(request: Request, course_run_id: FromPath[UUID]) -> Page:
    """Ask whether a run is held."""
    seen = await see(request, course_run_id)
    has_enough = seen.told.registered >= seen.run.minimum
    return question_page(
        request,
        seen,
        "bestaetigen",
        question=f"{seen.name} findet statt?",
        yes="Ja, der Kurs findet statt",
        consequences=[
            f"{seen.told.registered} angemeldet, mindestens {seen.run.minimum} waren geplant."
            + ("" if has_enough else " Sie entscheiden, den Kurs trotzdem zu halten."),
            "Auf der Seite des Kurses steht dann „Findet statt“.",
            _who_hears(seen),
        ],
    )


@post(f"{ONE_RUN}/bestaetigen", opt=EDITS)
async def post_confirm(request: Request, course_run_id: FromPath[UUID]) -> Page:
    """Decide that a run is held."""
    command = ConfirmRun(course_run_id=course_run_id, version=await seen_version(request))
    async with acting(request) as deed:
        await confirm_run(deed.transaction, command)
        await deed.note(request, "confirm_run", f"course_run:{course_run_id}")
    return see_other(request, f"{RUNS}/{course_run_id}", "Der Kurs findet statt.")


def _who_hears(seen: Seen) -> str:
    people = "Wer" if seen.told.registered != 1 else "Die eine Person, die"
    told = f"{people} angemeldet ist, bekommt sofort eine E-Mail." if seen.told.registered else ""
    return f"{told} {seen.whom_to_call}".strip() or "Noch ist niemand angemeldet."


@get(f"{ONE_RUN}/absagen", opt=EDITS)
async def get_cancel(request: Request, course_run_id: FromPath[UUID]) -> Page:
    """Ask whether a run is to be called off, and say who will be told."""
    seen = await see(request, course_run_id)
    return question_page(
        request,
        seen,
        "absagen",
        question=f"{seen.name} absagen?",
        yes="Ja, Kurs absagen",
        consequences=[
            seen.who_is_told,
            "Der Kurs bleibt mit dem Vermerk „abgesagt“ im Kalender stehen.",
            "Das lässt sich nicht zurücknehmen.",
        ],
    )


@post(f"{ONE_RUN}/absagen", opt=EDITS)
async def post_cancel(request: Request, course_run_id: FromPath[UUID]) -> Page:
    """Call a run off."""
    version, by = await seen_version(request), request.signed_in.name
    command = CancelRun(course_run_id=course_run_id, version=version, by=by)
    async with acting(request) as deed:
        await cancel_run(deed.transaction, command, deed.site, deed.now)
        await deed.note(request, "cancel_run", f"course_run:{course_run_id}")
    return see_other(request, f"{RUNS}/{course_run_id}", "Der Kurs ist abgesagt.")


ROUTES = [
    get_console_run,
    get_open,
    post_open,
    get_confirm,
    post_confirm,
    get_cancel,
    post_cancel,
]

"""The pages that a participant's link opens: what is so, and what may be done about it."""

from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Any, Final

from litestar import Response, get, post
from litestar.params import FromPath

from services.events.courses import labels
from services.events.courses.commands.accept_offer import AcceptOffer, accept_offer
from services.events.courses.commands.cancel_registration import (
    CancelRegistration,
    cancel_registration,
)
from services.events.courses.commands.confirm_registration import (
    ConfirmRegistration,
    confirm_registration,
)
from services.events.courses.commands.leave_waiting_list import (
    LeaveWaitingList,
    leave_waiting_list,
)
from services.events.courses.commands.request_certificate import (
    RequestCertificate,
    request_certificate,
)
from services.events.courses.http.access import (
    HERE,
    KIND,
    OPENED,
    Situation,
    opened_by_browser,
    opened_by_token,
    situation_of,
    situation_of_browser,
)
from services.events.courses.links import RETENTION_DAYS
from services.events.courses.model import (
    GAVE_UP,
    cancelled_at,
    takes_registrations,
    withdraws_in_time_until,
)
from services.events.courses.store import places, runs
from shared.database import Connection, transaction
from shared.errors import NotFound
from shared.web.access import PUBLIC
from shared.web.capability import MINUTES, enter, leave
from shared.web.cookies import capability_cookie, set_cookie
from shared.web.pages import Page, page, see_other
from shared.web.request import Request

THANKS: Final = {
    "registered": "Ihr Platz ist fest gebucht.",
    "waitlisted": "Sie stehen jetzt auf der Warteliste.",
    "proof_pending": "Ihre Anmeldung ist bestätigt. Jetzt fehlt noch Ihr Nachweis.",
    "left": "Ihre Anmeldung ist zurückgezogen.",
    "cancelled_in_time": "Sie sind rechtzeitig abgemeldet.",
    "cancelled_late": "Sie sind abgemeldet. Die Frist war schon vorbei.",
    "attended": "Ihr Wunsch nach einer Bescheinigung ist notiert.",
}
LATE: Final = (
    "Die Frist für eine rechtzeitige Abmeldung ist vorbei. Bitte melden Sie sich trotzdem ab: Dann "
    "kann noch jemand nachrücken."
)
Work = Callable[[Connection, Any, datetime], Awaitable[Any]]


@get("/k/{token:str}", opt=PUBLIC)
async def get_link(request: Request, token: FromPath[str]) -> Response[str]:
    """Open a participant's link; changes nothing, however often a mail scanner follows it."""
    try:
        await opened_by_token(request, token)
    except NotFound:
        return page(request, "kurs_unbekannt.html", status=404)
    return enter(request, KIND, token, HERE)


@get(HERE, opt=OPENED)
async def get_registration(request: Request) -> Page:
    """Show how the registration stands and what may be done."""
    name = capability_cookie(KIND)
    situation = await situation_of_browser(request)
    set_cookie(request.scope, name, request.cookies[name], max_age_seconds=MINUTES * 60)
    return await _show(request, situation)


@post(f"{HERE}/bestaetigen", opt=OPENED)
async def post_confirm(request: Request) -> Page:
    """Confirm the registration, or change one's mind after giving up: a place or the list."""
    return await _do(request, confirm_registration, ConfirmRegistration)


@post(f"{HERE}/annehmen", opt=OPENED)
async def post_accept(request: Request) -> Page:
    """Take the place that is offered."""
    return await _do(request, accept_offer, AcceptOffer)


@post(f"{HERE}/warteliste-verlassen", opt=OPENED)
async def post_leave_list(request: Request) -> Page:
    """Wait no longer, or decline the place that is offered."""
    return await _do(request, leave_waiting_list, LeaveWaitingList)


@get(f"{HERE}/absagen", opt=OPENED)
async def get_cancel(request: Request) -> Page:
    """Ask whether the registration is to be cancelled, and say whether that is in time."""
    situation = await situation_of_browser(request)
    is_in_time = cancelled_at(situation.run, situation.now) == "cancelled_in_time"
    return page(
        request,
        "confirm.html",
        question=f"Vom Kurs „{situation.course.title}“ abmelden?",
        consequences=[
            "Sie melden sich rechtzeitig ab." if is_in_time else LATE,
            "Ihr Platz geht sofort an die Nächsten auf der Warteliste.",
        ],
        action=f"{HERE}/absagen",
        yes="Ja, abmelden",
        back=HERE,
        fields={},
    )


@post(f"{HERE}/absagen", opt=OPENED)
async def post_cancel(request: Request) -> Page:
    """Cancel the registration."""
    return await _do(request, cancel_registration, CancelRegistration)


@post(f"{HERE}/bescheinigung", opt=OPENED)
async def post_certificate(request: Request) -> Page:
    """Ask for a certificate of attendance."""
    opened = await opened_by_browser(request)
    command = RequestCertificate(course_registration_id=opened.course_registration_id)
    async with transaction(request.pool) as begun:
        await request_certificate(begun, command, await runs.clock(begun))
    return see_other(request, HERE, THANKS["attended"])


@post(f"{HERE}/verlassen", opt=OPENED)
async def post_leave(request: Request) -> Page:
    """Forget on this device that the registration was open."""
    leave(request, KIND)
    return see_other(request, "/kurse")


async def _do(request: Request, work: Work, command: Any) -> Page:
    """Do something about the browser's registration, commit it, and show how it stands then."""
    opened = await opened_by_browser(request)
    asked = command(
        course_registration_id=opened.course_registration_id, course_run_id=opened.course_run_id
    )
    async with transaction(request.pool) as begun:
        await work(begun, asked, await runs.clock(begun))
    async with request.pool.acquire() as connection:
        situation = await situation_of(connection, opened)
    return see_other(request, HERE, THANKS.get(situation.registration.state, ""))


async def _show(request: Request, situation: Situation) -> Page:
    run, state = situation.run, situation.registration.state
    async with request.pool.acquire() as connection:
        balance = await places.balance(connection, run.course_run_id)
    has_begun = situation.now >= run.times.first_starts_at
    may_register = takes_registrations(run, situation.now)
    return page(
        request,
        "kurs_anmeldung.html",
        situation=situation,
        run=run,
        course=situation.course,
        mine=situation.registration,
        state=labels.REGISTRATION_STATES[state],
        place_in_line=labels.in_words(situation.position),
        is_full=balance.left <= 0,
        may_confirm=may_register and state in GAVE_UP | {"requested"},
        may_withdraw=state == "registered" and run.is_live and not has_begun,
        is_in_time=cancelled_at(run, situation.now) == "cancelled_in_time",
        withdraws_until=withdraws_in_time_until(run.times, run.withdrawal_days),
        retention_days=RETENTION_DAYS,
        labels=labels,
    )


ROUTES = [
    get_link,
    get_registration,
    post_confirm,
    post_accept,
    post_leave_list,
    get_cancel,
    post_cancel,
    post_certificate,
    post_leave,
]

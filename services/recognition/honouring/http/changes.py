"""Changes one honouring event as a whole: its plan, its time, its phases."""

from uuid import UUID

from litestar import get, post
from litestar.params import FromPath

from services.recognition.honouring.commands.cancel_honouring_event import (
    CancelHonouringEvent,
    cancel_honouring_event,
)
from services.recognition.honouring.commands.change_honouring_event import change_honouring_event
from services.recognition.honouring.commands.conclude_honouring_event import (
    ConcludeHonouringEvent,
    conclude_honouring_event,
)
from services.recognition.honouring.commands.reschedule_honouring_event import (
    reschedule_honouring_event,
)
from services.recognition.honouring.http.acting import PLANS, acting, put_beside, trying
from services.recognition.honouring.http.event_form import ChangeForm, RescheduleForm, filled
from services.recognition.honouring.http.frame import LIST, address, event_page
from services.recognition.honouring.model import HonouringEvent
from services.recognition.honouring.planning import demand_over
from services.recognition.honouring.store import events, figures, places
from shared.errors import Refused
from shared.german import clock, long_day
from shared.web.forms import Form, empty_form, read_form
from shared.web.pages import Page, page, see_other
from shared.web.request import Request

UNPROCESSABLE = 422
ONE = f"{LIST}/{{event_id:uuid}}"


@get(f"{ONE}/bearbeiten", opt=PLANS)
async def get_change(request: Request, event_id: FromPath[UUID]) -> Page:
    """Show the form for everything but the time."""
    async with request.pool.acquire() as connection:
        event = await events.get(connection, event_id)
        balance = await places.balance(connection, event_id)
    form = empty_form(ChangeForm, filled(event, balance))
    return event_page(request, "konzert_bearbeiten.html", event, form=form)


@post(f"{ONE}/bearbeiten", opt=PLANS)
async def post_change(request: Request, event_id: FromPath[UUID]) -> Page:
    """Change an honouring event."""
    form = await read_form(request, ChangeForm)
    if form.is_valid:
        try:
            async with acting(request, "change_honouring_event", event_id) as opened:
                await change_honouring_event(opened, form.value.command(event_id))
        except Refused as refusal:
            put_beside(form, refusal)
        else:
            return see_other(request, f"{LIST}/{event_id}", "Die Änderungen sind gespeichert.")
    event = await _event(request, event_id)
    return event_page(request, "konzert_bearbeiten.html", event, status=UNPROCESSABLE, form=form)


@get(f"{ONE}/verlegen", opt=PLANS)
async def get_reschedule(request: Request, event_id: FromPath[UUID]) -> Page:
    """Show the form for another time."""
    event = await _event(request, event_id)
    return await _reschedule_page(request, event, empty_form(RescheduleForm, filled(event)))


@post(f"{ONE}/verlegen", opt=PLANS)
async def post_reschedule(request: Request, event_id: FromPath[UUID]) -> Page:
    """Move an honouring event once that is confirmed; before, say who will be told."""
    event = await _event(request, event_id)
    form = await read_form(request, RescheduleForm)
    if form.is_valid:
        try:
            if not form.value.is_confirmed:
                async with trying(request) as attempt:
                    await reschedule_honouring_event(attempt, form.value.command(event))
                return await _confirm_reschedule(request, event, form)
            async with acting(request, "reschedule_honouring_event", event_id) as opened:
                await reschedule_honouring_event(opened, form.value.command(event))
        except Refused as refusal:
            put_beside(form, refusal)
        else:
            return see_other(request, address(event), "Das Konzert ist verlegt.")
    return await _reschedule_page(request, event, form, UNPROCESSABLE)


@get(f"{ONE}/absagen", opt=PLANS)
async def get_cancel(request: Request, event_id: FromPath[UUID]) -> Page:
    """Ask whether an honouring event is really to be called off."""
    event = await _event(request, event_id)
    return page(
        request,
        "confirm.html",
        question=f"„{event.title}“ am {long_day(event.starts_at)} absagen?",
        consequences=[
            await _who_is_told(request, event),
            "Das Konzert bleibt mit dem Vermerk „abgesagt“ im öffentlichen Kalender stehen.",
            "Das lässt sich nicht zurücknehmen.",
        ],
        action=address(event, "absagen"),
        yes="Ja, Konzert absagen",
        back=address(event),
        fields={},
    )


@post(f"{ONE}/absagen", opt=PLANS)
async def post_cancel(request: Request, event_id: FromPath[UUID]) -> Page:
    """Call an honouring event off."""
    async with acting(request, "cancel_honouring_event", event_id) as opened:
        await cancel_honouring_event(opened, CancelHonouringEvent(honouring_event_id=event_id))
    return see_other(request, f"{LIST}/{event_id}", "Das Konzert ist abgesagt.")


@get(f"{ONE}/abschliessen", opt=PLANS)
async def get_conclude(request: Request, event_id: FromPath[UUID]) -> Page:
    """Ask whether an honouring event is to be concluded, once it may be.

    Raises:
        EventIsOver, PhaseForbids: it cannot be (yet).
    """
    async with request.pool.acquire() as connection:
        event = await events.get(connection, event_id)
        demand_over(event, await events.clock(connection))
    return page(
        request,
        "confirm.html",
        question=f"„{event.title}“ abschließen?",
        consequences=["Danach sind Planung, Antworten und Einlass nur noch zu lesen."],
        action=address(event, "abschliessen"),
        yes="Ja, abschließen",
        back=address(event),
        fields={},
    )


@post(f"{ONE}/abschliessen", opt=PLANS)
async def post_conclude(request: Request, event_id: FromPath[UUID]) -> Page:
    """Note that an honouring event has taken place."""
    async with acting(request, "conclude_honouring_event", event_id) as opened:
        command = ConcludeHonouringEvent(honouring_event_id=event_id)
        await conclude_honouring_event(opened, command)
    return see_other(request, f"{LIST}/{event_id}", "Das Konzert ist abgeschlossen.")


async def _event(request: Request, event_id: UUID) -> HonouringEvent:
    async with request.pool.acquire() as connection:
        return await events.get(connection, event_id)


async def _who_is_told(request: Request, event: HonouringEvent) -> str:
    async with request.pool.acquire() as connection:
        counted = await figures.figures(connection, event.honouring_event_id)
    if counted.told == 0:
        return "Es ist noch niemand eingeladen, der benachrichtigt werden müsste."
    guests = "1 Gast wird" if counted.told == 1 else f"{counted.told} Gäste werden"
    return f"{guests} sofort per E-Mail oder Brief benachrichtigt."


async def _reschedule_page(
    request: Request, event: HonouringEvent, form: Form[RescheduleForm], status: int = 200
) -> Page:
    told = await _who_is_told(request, event)
    template = "konzert_verlegen.html"
    return event_page(request, template, event, status=status, form=form, told=told)


async def _confirm_reschedule(
    request: Request, event: HonouringEvent, form: Form[RescheduleForm]
) -> Page:
    moved = form.value
    return page(
        request,
        "confirm.html",
        question=f"„{event.title}“ auf {long_day(moved.held_on)} verlegen?",
        consequences=[
            f"Neu: {long_day(moved.held_on)}, {clock(moved.starts_at)} Uhr, {moved.venue_name}",
            f"Bisher: {long_day(event.starts_at)}, {event.starts_at:%H:%M} Uhr, {event.venue_name}",
            await _who_is_told(request, event),
            "Zusagen bleiben bestehen; alle können ihre Antwort bis zur neuen Frist ändern.",
        ],
        action=address(event, "verlegen"),
        yes="Ja, verlegen",
        back=address(event, "verlegen"),
        fields={name: form.text(name) for name in form.raw} | {"is_confirmed": "on"},
    )


ROUTES = [
    get_change,
    post_change,
    get_reschedule,
    post_reschedule,
    get_cancel,
    post_cancel,
    get_conclude,
    post_conclude,
]

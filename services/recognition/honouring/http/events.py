"""The list of honouring events, the page of one, and the form for a new one."""

from datetime import date
from uuid import UUID

import msgspec
from litestar import get, post
from litestar.params import FromPath

from services.recognition.honouring import labels
from services.recognition.honouring.commands.plan_honouring_event import plan_honouring_event
from services.recognition.honouring.curve import Day, curve
from services.recognition.honouring.guide import Standing, guide
from services.recognition.honouring.http.acting import PLANS, SEES, note, put_beside
from services.recognition.honouring.http.event_form import PlanForm
from services.recognition.honouring.http.frame import LIST, event_page
from services.recognition.honouring.store import events, figures, places
from shared.auth import Role
from shared.database import transaction
from shared.errors import Refused
from shared.web.forms import Form, empty_form, read_form
from shared.web.pages import Page, page, see_other
from shared.web.request import Request

UNPROCESSABLE = 422
USUAL = {
    "doors_open_at": "18:00",
    "starts_at": "19:00",
    "ends_at": "21:00",
    "offer_hours": 48,
    "most_seats": 2,
}
"""What the empty form proposes."""


@get(LIST, opt=SEES)
async def get_events(request: Request) -> Page:
    """Show all honouring events, the latest first."""
    async with request.pool.acquire() as connection:
        listed = await events.listed(connection, since=date.min)
        now = await events.clock(connection)
    may_plan = Role.FOUNDATION in request.signed_in.roles
    return page(request, "konzerte.html", events=listed, now=now, labels=labels, may_plan=may_plan)


@get(f"{LIST}/neu", opt=PLANS)
async def get_new_event(request: Request) -> Page:
    """Show the form for a new honouring event."""
    return _form_page(request, empty_form(PlanForm, dict(USUAL)))


@post(LIST, opt=PLANS)
async def post_event(request: Request) -> Page:
    """Plan an honouring event."""
    form = await read_form(request, PlanForm)
    if form.is_valid:
        try:
            async with transaction(request.pool) as opened:
                event_id = await plan_honouring_event(opened, form.value.command())
                await note(opened, request, "plan_honouring_event", event_id)
        except Refused as refusal:
            put_beside(form, refusal)
        else:
            sentence = "Das Konzert ist angelegt und steht im öffentlichen Kalender."
            return see_other(request, f"{LIST}/{event_id}", sentence)
    return _form_page(request, form, UNPROCESSABLE)


@get(f"{LIST}/{{event_id:uuid}}", opt=SEES)
async def get_event(request: Request, event_id: FromPath[UUID]) -> Page:
    """Show how one honouring event stands and what is to be done next."""
    async with request.pool.acquire() as connection:
        event = await events.get(connection, event_id)
        counted = await figures.figures(connection, event_id)
        days = await figures.answer_days(connection, event_id)
        balance = await places.balance(connection, event_id)
        now = await events.clock(connection)
    return event_page(
        request,
        "konzert.html",
        event,
        figures=counted,
        balance=balance,
        steps=guide(event, _standing(counted), now),
        curve=curve([Day(**msgspec.structs.asdict(one)) for one in days], counted.invited),
        days=days,
        is_admitting=event.is_admitting(now),
    )


def _standing(counted: figures.Figures) -> Standing:
    return Standing(**{name: getattr(counted, name) for name in Standing.__struct_fields__})


def _form_page(request: Request, form: Form[PlanForm], status: int = 200) -> Page:
    return page(request, "konzert_neu.html", status=status, form=form)


ROUTES = [get_events, get_new_event, post_event, get_event]

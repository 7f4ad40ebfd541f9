"""The pages on which a guest answers an invitation, without an account and without JavaScript."""

from datetime import timedelta
from typing import Final
from urllib.parse import urlsplit
from uuid import uuid4

from litestar import Response, get, post
from litestar.params import FromPath
from markupsafe import Markup

from services.recognition.honouring import labels
from services.recognition.honouring.answers import Situation, is_open, may_answer
from services.recognition.honouring.calendar_entry import calendar_entry
from services.recognition.honouring.doors import ADMISSION_LABELS
from services.recognition.honouring.http.guest_access import (
    KIND,
    Guest,
    TooManyAnswers,
    guest_by_code,
    guest_by_token,
    guest_of_browser,
    keep_answer,
    situation_of,
)
from services.recognition.honouring.http.guest_forms import (
    LABELS,
    AnswerForm,
    CodeForm,
    choices_of,
    filled,
)
from services.recognition.honouring.links import mint_token, token_hash
from services.recognition.honouring.model import InvitationState, Ticket
from services.recognition.honouring.qr import qr_svg
from services.recognition.honouring.store import events, links, tickets, waiting
from services.recognition.honouring.store.links import Secret
from services.recognition.honouring.tickets import TicketKeys, sign_ticket
from services.recognition.honouring.waitlist import RULE, in_words
from shared.database import transaction
from shared.errors import NotFound, Refused
from shared.web.access import PUBLIC, capability
from shared.web.capability import MINUTES, enter, leave
from shared.web.cookies import capability_cookie, set_cookie
from shared.web.forms import Form, empty_form, read_form
from shared.web.pages import Page, page, see_other
from shared.web.request import Request

HERE: Final = "/einladung"
CODE: Final = f"{HERE}/code"
UNPROCESSABLE: Final = 422
CODE_HOURS: Final = 2
"""How long a typed code opens the page, at most."""
THANKS: Final[dict[InvitationState, str]] = {
    "accepted": "Vielen Dank, Ihre Zusage ist gespeichert.",
    "declined": "Vielen Dank, Ihre Absage ist gespeichert.",
    "waitlisted": "Vielen Dank. Alle Plätze sind zurzeit vergeben.",
}


@get("/e/{token:str}", opt=PUBLIC)
async def get_link(request: Request, token: FromPath[str]) -> Response[str]:
    """Open a guest's link; changes nothing, however often a mail scanner follows it."""
    try:
        await guest_by_token(request, token)
    except NotFound:
        return page(request, "einladung_unbekannt.html", status=404)
    return enter(request, KIND, token, HERE)


@get(CODE, opt=PUBLIC)
async def get_code(request: Request) -> Page:
    """Show the form for the code from the letter."""
    return page(request, "einladung_code.html", form=empty_form(CodeForm))


@post(CODE, opt=PUBLIC)
async def post_code(request: Request) -> Response[str]:
    """Open an invitation by the code from its letter."""
    form = await read_form(request, CodeForm)
    if not form.is_valid:
        return page(request, "einladung_code.html", status=UNPROCESSABLE, form=form)
    try:
        guest = await guest_by_code(request, form.value.code)
    except NotFound as refusal:
        form.errors["code"] = refusal.sentence
        return page(request, "einladung_code.html", status=404, form=form)
    return enter(request, KIND, await _token_for_the_browser(request, guest), HERE)


@get(HERE, opt=PUBLIC)
async def get_invitation(request: Request) -> Page:
    """Show the invitation as it stands; without an opened link, ask for the code."""
    if capability_cookie(KIND) not in request.cookies:
        return see_other(request, CODE)
    try:
        guest = await guest_of_browser(request)
    except NotFound:
        leave(request, KIND)
        return page(request, "einladung_unbekannt.html", status=404)
    _stay_open(request)
    situation = await situation_of(request, guest)
    asked = situation.invitation.state in {"invited", "offered"} and may_answer(situation)
    return await _show(
        request, situation, empty_form(AnswerForm, filled(situation)) if asked else None
    )


@get(f"{HERE}/antwort", opt=capability(KIND))
async def get_answer(request: Request) -> Page:
    """Show the form to change an answer."""
    guest = await guest_of_browser(request)
    _stay_open(request)
    situation = await situation_of(request, guest)
    return await _show(request, situation, empty_form(AnswerForm, filled(situation)))


@post(f"{HERE}/antwort", opt=capability(KIND))
async def post_answer(request: Request) -> Page:
    """Keep the answer, or show the form again with what is wrong beside the field."""
    guest = await guest_of_browser(request)
    form = await read_form(request, AnswerForm)
    if form.is_valid:
        try:
            state = await keep_answer(request, guest, form.value.answer, form.value.key)
        except TooManyAnswers as refusal:
            return await _pause(request, guest, form, refusal)
        except Refused as refusal:
            form.refuse(refusal)
        else:
            return see_other(request, HERE, THANKS.get(state, "Ihre Antwort ist gespeichert."))
    situation = await situation_of(request, guest)
    return await _show(request, situation, form, UNPROCESSABLE)


@get(f"{HERE}/karten", opt=capability(KIND))
async def get_tickets(request: Request) -> Page:
    """Show the tickets with their codes, to be printed or shown at the door."""
    guest = await guest_of_browser(request)
    _stay_open(request)
    situation = await situation_of(request, guest)
    async with request.pool.acquire() as connection:
        valid = await tickets.valid(connection, guest.invitation_id)
    return page(
        request,
        "einladung_karten.html",
        event=situation.event,
        tickets=[(ticket, _qr(request, ticket)) for ticket in valid],
        admissions=ADMISSION_LABELS,
    )


@get(f"{HERE}/termin.ics", opt=capability(KIND))
async def get_calendar_entry(request: Request) -> Response[bytes]:
    """Send the event as an entry for the guest's own calendar."""
    guest = await guest_of_browser(request)
    situation = await situation_of(request, guest)
    host = urlsplit(request.app.state.public_url).hostname or "ehrensache"
    return Response(
        calendar_entry(situation, host),
        media_type="text/calendar",
        headers={"content-disposition": 'attachment; filename="konzert.ics"'},
    )


@post(f"{HERE}/verlassen", opt=capability(KIND))
async def post_leave(request: Request) -> Page:
    """Forget on this device that the invitation was open."""
    leave(request, KIND)
    return see_other(request, CODE)


async def _pause(
    request: Request, guest: Guest, form: Form[AnswerForm], refusal: TooManyAnswers
) -> Page:
    """Show the form with all that was typed, to be sent again after the pause."""
    form.refuse(refusal)
    shown = await _show(request, await situation_of(request, guest), form, refusal.status)
    shown.headers["retry-after"] = str(refusal.pause_seconds)
    return shown


async def _show(
    request: Request, situation: Situation, form: Form[AnswerForm] | None, status: int = 200
) -> Page:
    invitation = situation.invitation
    async with request.pool.acquire() as connection:
        position = await waiting.position(connection, invitation.invitation_id)
    return page(
        request,
        "einladung.html",
        status=status,
        situation=situation,
        invitation=invitation,
        event=situation.event,
        form=form,
        may_answer=may_answer(situation),
        is_open=is_open(situation),
        position=position,
        place_in_line=in_words(position),
        needs=labels.needs(_Needs(situation)),
        choices=choices_of(situation),
        answer_labels=LABELS,
        rule=RULE,
        request_key=str(uuid4()),
    )


class _Needs:
    """What labels.needs looks at."""

    def __init__(self, situation: Situation) -> None:
        self.needs_wheelchair = situation.invitation.needs_wheelchair
        self.with_access_companion = situation.invitation.with_access_companion
        self.access_needs = situation.access_needs


def _qr(request: Request, ticket: Ticket) -> Markup:
    keys: TicketKeys = request.app.state.ticket_keys
    text = sign_ticket(keys, ticket.honouring_event_id, ticket.ticket_id)
    return Markup(qr_svg(text, f"QR-Code der Eintrittskarte von {ticket.holder_name}"))  # noqa: S704 - drawn by segno, which escapes the title


def _stay_open(request: Request) -> None:
    """Give the browser another half hour, for those who read and type slowly."""
    name = capability_cookie(KIND)
    set_cookie(request.scope, name, request.cookies[name], max_age_seconds=MINUTES * 60)


async def _token_for_the_browser(request: Request, guest: Guest) -> str:
    """Make a short-lived link, so that the code itself is kept nowhere."""
    token = mint_token()
    async with transaction(request.pool) as opened:
        until = await events.clock(opened) + timedelta(hours=CODE_HOURS)
        secret = Secret(guest.invitation_id, "letter_code", token_hash(token), until)
        await links.keep(opened, [secret])
    return token


ROUTES = [
    get_link,
    get_code,
    post_code,
    get_invitation,
    get_answer,
    post_answer,
    get_tickets,
    get_calendar_entry,
    post_leave,
]

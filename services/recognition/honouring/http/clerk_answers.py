"""The console pages on which clerks take down answers from the telephone and from reply cards."""

from typing import Final
from uuid import UUID, uuid4

from litestar import get, post
from litestar.params import FromPath

from services.recognition.honouring import labels
from services.recognition.honouring.answers import Situation, is_open
from services.recognition.honouring.commands.record_answer_for_guest import (
    RecordAnswerForGuest,
    record_answer_for_guest,
)
from services.recognition.honouring.contention import patiently
from services.recognition.honouring.http.frame import LIST
from services.recognition.honouring.http.guest_access import guest_by_code, situation_of
from services.recognition.honouring.http.guest_forms import (
    CLERK_LABELS,
    ClerkAnswerForm,
    CodeForm,
    choices_of,
    filled,
)
from services.recognition.honouring.model import InvitationState
from services.recognition.honouring.store import answer_desk, answers, waiting
from services.recognition.honouring.store.answers import InvitationUnknown
from services.recognition.honouring.waitlist import in_words
from shared.auth import Role
from shared.database import Connection
from shared.errors import NotFound, Refused
from shared.text import clean
from shared.web.access import staff
from shared.web.forms import Form, empty_form, read_form
from shared.web.pages import Page, page, see_other
from shared.web.request import Request

ANSWER: Final = f"{LIST}/{{event_id:uuid}}/gaeste/{{invitation_id:uuid}}/antwort"
CARDS: Final = f"{LIST}/antworten"
MOST_FOUND: Final = 25
RECORDS = staff(Role.CLERK, Role.FOUNDATION, Role.PROTOCOL)
UNPROCESSABLE: Final = 422
DONE: Final[dict[InvitationState, str]] = {
    "accepted": "Die Zusage ist erfasst, die Karten sind ausgestellt.",
    "declined": "Die Absage ist erfasst.",
    "waitlisted": "Zurzeit ist kein Platz frei; der Gast steht auf der Warteliste.",
}


@get(CARDS, opt=RECORDS)
async def get_cards(request: Request) -> Page:
    """Look for the guest whose answer lies on the desk, by code or by name."""
    return await _search(request, empty_form(CodeForm))


@post(CARDS, opt=RECORDS)
async def post_card(request: Request) -> Page:
    """Find the guest by the code on the reply card."""
    form = await read_form(request, CodeForm)
    if not form.is_valid:
        return await _search(request, form, UNPROCESSABLE)
    try:
        guest = await guest_by_code(request, form.value.code)
    except NotFound:
        form.errors["code"] = "Diesen Code finden wir nicht. Bitte vergleichen Sie ihn noch einmal."
        return await _search(request, form, UNPROCESSABLE)
    invitation = (await situation_of(request, guest)).invitation
    return see_other(request, _address(invitation.honouring_event_id, invitation.invitation_id))


@get(ANSWER, opt=RECORDS)
async def get_answer_for_guest(
    request: Request, event_id: FromPath[UUID], invitation_id: FromPath[UUID]
) -> Page:
    """Show how the guest has answered, and the form for another answer."""
    situation = await _situation(request, event_id, invitation_id)
    return await _show(request, situation, empty_form(ClerkAnswerForm, filled(situation)))


@post(ANSWER, opt=RECORDS)
async def post_answer_for_guest(
    request: Request, event_id: FromPath[UUID], invitation_id: FromPath[UUID]
) -> Page:
    """Keep what the guest said, with channel and clerk."""
    situation = await _situation(request, event_id, invitation_id)
    form = await read_form(request, ClerkAnswerForm)
    if form.is_valid:
        try:
            state = await _record(request, invitation_id, form.value)
        except NotFound:
            raise
        except Refused as refusal:
            form.refuse(refusal)
        else:
            done = DONE.get(state, "Die Antwort ist erfasst.")
            return see_other(request, CARDS, f"{situation.guest_name}: {done}")
    return await _show(request, situation, form, UNPROCESSABLE)


async def _record(request: Request, invitation_id: UUID, form: ClerkAnswerForm) -> InvitationState:
    member = request.signed_in
    command = RecordAnswerForGuest(
        invitation_id=invitation_id,
        answer=form.answer,
        via=form.via,
        clerk_name=member.name,
        actor=member.subject,
        request_key=form.key,
    )

    async def work(opened: Connection, *, in_line: bool) -> InvitationState:
        return await record_answer_for_guest(opened, command, in_line=in_line)

    return await patiently(request.pool, work)


def _address(event_id: UUID, invitation_id: UUID) -> str:
    return f"{LIST}/{event_id}/gaeste/{invitation_id}/antwort"


async def _search(request: Request, form: Form[CodeForm], status: int = 200) -> Page:
    search = clean(request.query_params.get("suche", ""), "suche").strip()[:100]
    async with request.pool.acquire() as connection:
        found = await answer_desk.guests_named(connection, search, MOST_FOUND) if search else []
    return page(
        request,
        "antworten.html",
        status=status,
        form=form,
        search=search,
        found=[(guest, _address(guest.honouring_event_id, guest.invitation_id)) for guest in found],
        most_found=MOST_FOUND,
        labels=labels,
    )


async def _situation(request: Request, event_id: UUID, invitation_id: UUID) -> Situation:
    async with request.pool.acquire() as connection:
        situation = await answers.situation(connection, invitation_id)
    if situation.event.honouring_event_id != event_id:
        raise InvitationUnknown
    return situation


async def _show(
    request: Request, situation: Situation, form: Form[ClerkAnswerForm], status: int = 200
) -> Page:
    invitation_id = situation.invitation.invitation_id
    async with request.pool.acquire() as connection:
        position = await waiting.position(connection, invitation_id)
        history = await answer_desk.history(connection, invitation_id)
    return page(
        request,
        "antwort_erfassen.html",
        status=status,
        event=situation.event,
        cards=CARDS,
        labels=labels,
        situation=situation,
        invitation=situation.invitation,
        form=form,
        is_open=is_open(situation),
        place_in_line=in_words(position),
        history=history,
        choices=choices_of(situation, by_clerk=True),
        answer_labels=CLERK_LABELS,
        request_key=str(uuid4()),
    )


ROUTES = [get_cards, post_card, get_answer_for_guest, post_answer_for_guest]

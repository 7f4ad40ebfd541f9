"""The console page on which a clerk takes down an answer from the telephone or the reply card."""

from typing import Final
from uuid import UUID, uuid4

from litestar import get, post
from litestar.params import FromPath

from services.recognition.honouring.answers import Situation, is_open
from services.recognition.honouring.commands.record_answer_for_guest import (
    RecordAnswerForGuest,
    record_answer_for_guest,
)
from services.recognition.honouring.contention import patiently
from services.recognition.honouring.http.frame import LIST, event_page
from services.recognition.honouring.http.guest_forms import (
    LABELS,
    ClerkAnswerForm,
    choices_of,
    filled,
)
from services.recognition.honouring.model import InvitationState
from services.recognition.honouring.store import answers, waiting
from services.recognition.honouring.store.answers import InvitationUnknown
from services.recognition.honouring.waitlist import in_words
from shared.auth import Role
from shared.database import Connection
from shared.errors import NotFound, Refused
from shared.web.access import staff
from shared.web.forms import Form, empty_form, read_form
from shared.web.pages import Page, see_other
from shared.web.request import Request

ANSWER: Final = f"{LIST}/{{event_id:uuid}}/gaeste/{{invitation_id:uuid}}/antwort"
RECORDS = staff(Role.CLERK, Role.FOUNDATION, Role.PROTOCOL)
UNPROCESSABLE: Final = 422
DONE: Final[dict[InvitationState, str]] = {
    "accepted": "Die Zusage ist erfasst, die Karten sind ausgestellt.",
    "declined": "Die Absage ist erfasst.",
    "waitlisted": "Zurzeit ist kein Platz frei; der Gast steht auf der Warteliste.",
}


@get(ANSWER, opt=RECORDS)
async def get_answer_for_guest(
    request: Request, event_id: FromPath[UUID], invitation_id: FromPath[UUID]
) -> Page:
    """Show how the guest has answered, and the form for another answer."""
    situation = await _situation(request, event_id, invitation_id)
    answered = situation.invitation.state not in {"invited", "offered", "expired"}
    form = empty_form(ClerkAnswerForm, filled(situation.answered, answered=answered))
    return await _show(request, situation, form)


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
            guest = situation.guest_name
            return see_other(
                request, f"{LIST}/{event_id}/gaeste", f"{guest}: {DONE.get(state, 'Erfasst.')}"
            )
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
        history = await answers.history(connection, invitation_id)
    return event_page(
        request,
        "antwort_erfassen.html",
        situation.event,
        tab="gaeste",
        status=status,
        situation=situation,
        invitation=situation.invitation,
        form=form,
        is_open=is_open(situation),
        place_in_line=in_words(position),
        history=history,
        choices=choices_of(situation, by_clerk=True),
        answer_labels=LABELS,
        request_key=str(uuid4()),
    )


ROUTES = [get_answer_for_guest, post_answer_for_guest]

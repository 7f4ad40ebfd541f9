"""The console's page of one participant: how the registration stands and what staff can do."""

from collections.abc import Awaitable, Callable
from typing import Annotated, Any, Final
from uuid import UUID

import msgspec
from litestar import get, post
from litestar.params import FromPath

from services.events.courses import labels
from services.events.courses.commands.accept_offer import AcceptOffer, accept_offer
from services.events.courses.commands.accept_proof import AcceptProof, accept_proof
from services.events.courses.commands.cancel_registration import (
    CancelRegistration,
    cancel_registration,
)
from services.events.courses.commands.erase_participant import EraseParticipant, erase_participant
from services.events.courses.commands.leave_waiting_list import (
    LeaveWaitingList,
    leave_waiting_list,
)
from services.events.courses.commands.refuse_proof import RefuseProof, refuse_proof
from services.events.courses.commands.request_certificate import (
    RequestCertificate,
    request_certificate,
)
from services.events.courses.http.acting import EDITS, ONE_RUN, RUNS, UNPROCESSABLE, acting
from services.events.courses.http.run_frame import question_about, run_page, see
from services.events.courses.model import Registration
from services.events.courses.refusals import RegistrationUnknown
from services.events.courses.store import registrations, runs, waiting
from shared.database import Connection
from shared.web.forms import Form, empty_form, read_form
from shared.web.pages import Page, see_other
from shared.web.request import Request

ONE: Final = f"{ONE_RUN}/teilnehmende/{{course_registration_id:uuid}}"
Act = Callable[[Connection, Any, Any], Awaitable[Any]]


class RefusalForm(msgspec.Struct, kw_only=True):
    """Why a proof is not taken."""

    refusal: Annotated[str, msgspec.Meta(min_length=1, max_length=500)]


@get(ONE, opt=EDITS)
async def get_participant(
    request: Request, course_run_id: FromPath[UUID], course_registration_id: FromPath[UUID]
) -> Page:
    """Show how a registration stands, with what can be done about it."""
    form = empty_form(RefusalForm)
    return await _participant_page(request, course_run_id, course_registration_id, form)


@post(f"{ONE}/annehmen", opt=EDITS)
async def post_accept(
    request: Request, course_run_id: FromPath[UUID], course_registration_id: FromPath[UUID]
) -> Page:
    """Take an offered place for somebody who says so on the telephone."""
    await _do(request, accept_offer, AcceptOffer, course_run_id, course_registration_id)
    return _back(request, "Der Platz ist angenommen.", course_run_id, course_registration_id)


@post(f"{ONE}/warteliste-verlassen", opt=EDITS)
async def post_leave(
    request: Request, course_run_id: FromPath[UUID], course_registration_id: FromPath[UUID]
) -> Page:
    """Take somebody off the list, or decline a place for them."""
    await _do(request, leave_waiting_list, LeaveWaitingList, course_run_id, course_registration_id)
    return _back(request, "Die Person wartet nicht mehr.", course_run_id, course_registration_id)


@post(f"{ONE}/nachweis", opt=EDITS)
async def post_proof(
    request: Request, course_run_id: FromPath[UUID], course_registration_id: FromPath[UUID]
) -> Page:
    """Note that somebody has shown that they volunteer."""
    await _do(request, accept_proof, AcceptProof, course_run_id, course_registration_id)
    return _back(request, "Der Nachweis ist anerkannt.", course_run_id, course_registration_id)


@post(f"{ONE}/nachweis-ablehnen", opt=EDITS)
async def post_refusal(
    request: Request, course_run_id: FromPath[UUID], course_registration_id: FromPath[UUID]
) -> Page:
    """Do not take a proof, with a reason for the person."""
    form = await read_form(request, RefusalForm)
    if not form.is_valid:
        return await _participant_page(request, course_run_id, course_registration_id, form)
    await _of_run(request, course_run_id, course_registration_id)
    command = RefuseProof(
        course_registration_id=course_registration_id,
        course_run_id=course_run_id,
        refusal=form.value.refusal,
    )
    async with acting(request) as deed:
        await refuse_proof(deed.transaction, command)
        await deed.note(request, "refuse_proof", f"course_registration:{course_registration_id}")
    return _back(request, "Der Nachweis ist abgelehnt.", course_run_id, course_registration_id)


@post(f"{ONE}/bescheinigung", opt=EDITS)
async def post_certificate(
    request: Request, course_run_id: FromPath[UUID], course_registration_id: FromPath[UUID]
) -> Page:
    """Ask for a certificate for somebody who has attended."""
    await _of_run(request, course_run_id, course_registration_id)
    command = RequestCertificate(course_registration_id=course_registration_id)
    async with acting(request) as deed:
        await request_certificate(deed.transaction, command, deed.now)
        await deed.note(
            request, "request_certificate", f"course_registration:{course_registration_id}"
        )
    return _back(
        request, "Die Bescheinigung ist angefordert.", course_run_id, course_registration_id
    )


@get(f"{ONE}/abmelden", opt=EDITS)
async def get_cancel(
    request: Request, course_run_id: FromPath[UUID], course_registration_id: FromPath[UUID]
) -> Page:
    """Ask whether somebody is to be withdrawn."""
    mine = await _of_run(request, course_run_id, course_registration_id)
    return question_about(
        request,
        path=_path(course_run_id, course_registration_id),
        part="abmelden",
        question=f"{mine.name} abmelden?",
        yes="Ja, abmelden",
        consequences=["Der Platz geht sofort an die Nächsten auf der Warteliste."],
    )


@post(f"{ONE}/abmelden", opt=EDITS)
async def post_cancel(
    request: Request, course_run_id: FromPath[UUID], course_registration_id: FromPath[UUID]
) -> Page:
    """Withdraw somebody who says so on the telephone."""
    await _do(
        request, cancel_registration, CancelRegistration, course_run_id, course_registration_id
    )
    return _back(request, "Die Person ist abgemeldet.", course_run_id, course_registration_id)


@get(f"{ONE}/loeschen", opt=EDITS)
async def get_erase(
    request: Request, course_run_id: FromPath[UUID], course_registration_id: FromPath[UUID]
) -> Page:
    """Ask whether somebody is to be forgotten."""
    mine = await _of_run(request, course_run_id, course_registration_id)
    return question_about(
        request,
        path=_path(course_run_id, course_registration_id),
        part="loeschen",
        question=f"Angaben von {mine.name} löschen?",
        yes="Ja, löschen",
        consequences=labels.ERASURE,
    )


@post(f"{ONE}/loeschen", opt=EDITS)
async def post_erase(
    request: Request, course_run_id: FromPath[UUID], course_registration_id: FromPath[UUID]
) -> Page:
    """Forget somebody before the kept time ends."""
    await _do(request, erase_participant, EraseParticipant, course_run_id, course_registration_id)
    return see_other(
        request, f"{RUNS}/{course_run_id}/teilnehmende", "Name und Adressen sind gelöscht."
    )


async def _do(
    request: Request, act: Act, command: Any, course_run_id: UUID, course_registration_id: UUID
) -> None:
    """Do something about one registration and write down who did it."""
    await _of_run(request, course_run_id, course_registration_id)
    asked = command(course_registration_id=course_registration_id, course_run_id=course_run_id)
    async with acting(request) as deed:
        await act(deed.transaction, asked, deed.now)
        await deed.note(request, act.__name__, f"course_registration:{course_registration_id}")


async def _of_run(
    request: Request, course_run_id: UUID, course_registration_id: UUID
) -> Registration:
    """Return a registration of this run.

    Raises:
        RegistrationUnknown: there is none, or it is another run's.
    """
    async with request.pool.acquire() as connection:
        mine = await registrations.get(connection, course_registration_id)
    if mine.course_run_id != course_run_id:
        raise RegistrationUnknown
    return mine


async def _participant_page(
    request: Request, course_run_id: UUID, course_registration_id: UUID, form: Form[RefusalForm]
) -> Page:
    mine = await _of_run(request, course_run_id, course_registration_id)
    seen = await see(request, course_run_id)
    async with request.pool.acquire() as connection:
        now = await runs.clock(connection)
        position = await waiting.position(connection, course_registration_id)
    has_begun = now >= seen.run.times.first_starts_at
    return run_page(
        request,
        "konsole_teilnehmer.html",
        seen,
        status=UNPROCESSABLE if form.errors else 200,
        mine=mine,
        form=form,
        position=position,
        own=_path(course_run_id, course_registration_id),
        standing=labels.REGISTRATION_STATES[mine.state],
        may_act=seen.run.is_live and not has_begun,
    )


def _path(course_run_id: UUID, course_registration_id: UUID) -> str:
    return f"{RUNS}/{course_run_id}/teilnehmende/{course_registration_id}"


def _back(request: Request, said: str, course_run_id: UUID, course_registration_id: UUID) -> Page:
    return see_other(request, _path(course_run_id, course_registration_id), said)


ROUTES = [
    get_participant,
    post_accept,
    post_leave,
    post_proof,
    post_refusal,
    post_certificate,
    get_cancel,
    post_cancel,
    get_erase,
    post_erase,
]

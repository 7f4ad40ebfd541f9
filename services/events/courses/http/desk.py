"""The console's page of one participant, and the form for people who telephone."""

from typing import Annotated, Final
from uuid import UUID

import msgspec
from litestar import get, post
from litestar.params import FromPath

from services.events.courses import labels
from services.events.courses.commands.register_participant import (
    RegisterParticipant,
    register_participant,
)
from services.events.courses.http.acting import EDITS, ONE_RUN, UNPROCESSABLE, acting
from services.events.courses.http.public import Name
from services.events.courses.http.run_frame import run_page, see
from services.events.courses.links import RETENTION_DAYS
from services.events.courses.refusals import RunBegun, WrongState
from services.events.courses.store.desk import Caller
from shared.errors import Malformed, Refused
from shared.web.forms import Email, Form, empty_form, read_form
from shared.web.pages import Page, see_other
from shared.web.request import Request

NEW: Final = f"{ONE_RUN}/teilnehmende/neu"
Phone = Annotated[str, msgspec.Meta(max_length=40, pattern=r"^(?:[0-9 +()/-]{4,40})?$")]


class CallerForm(msgspec.Struct, kw_only=True):
    """Who telephones and wants to take part."""

    name: Name
    email: Email | None = None
    phone: Phone = ""
    has_proof: bool = False
    consent: bool = False

    def __post_init__(self) -> None:
        """Refuse whom nobody could reach, and who was not told what is kept."""
        if not self.email and not self.phone:
            raise Malformed("Bitte eine E-Mail-Adresse oder eine Telefonnummer eintragen.", "phone")
        if not self.consent:
            raise Malformed("Bitte lesen Sie den Hinweis vor und fragen Sie nach.", "consent")

    @property
    def caller(self) -> Caller:
        """Return who wants to take part."""
        return Caller(
            name=self.name,
            email=self.email or None,
            phone=self.phone,
            consent=labels.CONSENT_BY_PHONE,
        )


@get(NEW, opt=EDITS)
async def get_caller(request: Request, course_run_id: FromPath[UUID]) -> Page:
    """Show the form for somebody who telephones."""
    return await _caller_page(request, course_run_id, empty_form(CallerForm))


@post(NEW, opt=EDITS)
async def post_caller(request: Request, course_run_id: FromPath[UUID]) -> Page:
    """Register somebody who telephones."""
    form = await read_form(request, CallerForm)
    if not form.is_valid:
        return await _caller_page(request, course_run_id, form, UNPROCESSABLE)
    command = RegisterParticipant(
        course_run_id=course_run_id, caller=form.value.caller, has_proof=form.value.has_proof
    )
    try:
        async with acting(request) as deed:
            registration_id = await register_participant(deed.transaction, command, deed.now)
            await deed.note(
                request, "register_participant", f"course_registration:{registration_id}"
            )
    except (RunBegun, WrongState):
        raise
    except Refused as refusal:
        form.refuse(refusal)
        return await _caller_page(request, course_run_id, form, UNPROCESSABLE)
    path = request.url.path.removesuffix("neu")
    return see_other(request, f"{path}{registration_id}", "Eingetragen. So steht die Anmeldung.")


async def _caller_page(
    request: Request, course_run_id: UUID, form: Form[CallerForm], status: int = 200
) -> Page:
    seen = await see(request, course_run_id)
    return run_page(
        request,
        "konsole_anmelden.html",
        seen,
        status=status,
        form=form,
        retention_days=RETENTION_DAYS,
    )


ROUTES = [get_caller, post_caller]

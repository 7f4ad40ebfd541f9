"""The page on which a participant passes the place to somebody else."""

import msgspec
from litestar import get, post

from services.events.courses.commands.name_substitute import NameSubstitute, name_substitute
from services.events.courses.http.access import (
    HERE,
    OPENED,
    opened_by_browser,
    situation_of_browser,
)
from services.events.courses.http.public import UNPROCESSABLE, Name
from services.events.courses.store import runs
from services.events.courses.store.registrations import Applicant
from shared.database import transaction
from shared.errors import Refused
from shared.web.forms import Email, empty_form, read_form
from shared.web.pages import Page, page, see_other
from shared.web.request import Request


class SubstituteForm(msgspec.Struct, kw_only=True):
    """Who takes the place over."""

    name: Name
    email: Email

    @property
    def applicant(self) -> Applicant:
        """Return who takes the place over; the former participant answers for their consent."""
        return Applicant(name=self.name, email=self.email, consent="substitute")


@get(f"{HERE}/ersatz", opt=OPENED)
async def get_substitute(request: Request) -> Page:
    """Show the form that names who takes the place over."""
    situation = await situation_of_browser(request)
    form = empty_form(SubstituteForm)
    return page(request, "kurs_ersatz.html", situation=situation, form=form)


@post(f"{HERE}/ersatz", opt=OPENED)
async def post_substitute(request: Request) -> Page:
    """Pass the place to somebody else."""
    opened = await opened_by_browser(request)
    form = await read_form(request, SubstituteForm)
    if form.is_valid:
        command = NameSubstitute(
            course_registration_id=opened.course_registration_id,
            course_run_id=opened.course_run_id,
            applicant=form.value.applicant,
        )
        try:
            async with transaction(request.pool) as begun:
                await name_substitute(begun, command, await runs.clock(begun))
        except Refused as refusal:
            form.refuse(refusal)
        else:
            return see_other(request, HERE, "Ihr Platz ist weitergegeben.")
    situation = await situation_of_browser(request)
    return page(request, "kurs_ersatz.html", status=UNPROCESSABLE, situation=situation, form=form)


ROUTES = [get_substitute, post_substitute]

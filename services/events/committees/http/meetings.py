"""The form in which editors enter a committee's meetings."""

from typing import Any, Final
from uuid import UUID

import msgspec
from litestar import get, post
from litestar.params import FromPath

from services.events.committees.commands.plan_meeting import PlanMeeting, plan_meeting
from services.events.committees.http.console import COMMITTEES, ONE, known_committee, note
from services.events.http.acting import EDITS, UNPROCESSABLE, acting
from services.events.http.event_form import NewEvent, TextsForm, put_beside, read_event
from services.events.http.times_form import TimesForm
from shared.errors import NotFound, Refused
from shared.web.forms import Form, empty_form
from shared.web.pages import Page, page, see_other
from shared.web.request import Request


@get(f"{ONE}/termine/neu", opt=EDITS)
async def get_new_meeting(request: Request, committee_id: FromPath[UUID]) -> Page:
    """Show the form for a meeting."""
    empty = NewEvent(empty_form(TimesForm), empty_form(TextsForm, {"title": "Sitzung"}))
    return await _form_page(request, committee_id, empty.shown)


@post(f"{ONE}/termine/neu", opt=EDITS)
async def post_new_meeting(request: Request, committee_id: FromPath[UUID]) -> Page:
    """Enter a meeting; it stands in the members' calendars at once."""
    given = await read_event(request)
    form = given.shown
    if not given.is_valid:
        return await _form_page(request, committee_id, form)
    try:
        content = given.content()
        async with acting(request) as deed:
            committee = await known_committee(deed.transaction, committee_id)
            theirs = msgspec.structs.replace(content, organiser=committee.name)
            command = PlanMeeting(committee_id, theirs, request.signed_in.name)
            event = await plan_meeting(deed.transaction, command, deed.site, deed.now)
            await deed.note(request, "plan_meeting", event.calendar_event_id)
            await note(request, deed.transaction, "plan_meeting", committee_id)
    except NotFound:
        raise
    except Refused as refusal:
        put_beside(form, refusal)
        return await _form_page(request, committee_id, form)
    return see_other(request, f"{COMMITTEES}/{committee_id}", "Der Termin ist eingetragen.")


async def _form_page(request: Request, committee_id: UUID, form: Form[Any]) -> Page:
    async with request.pool.acquire() as connection:
        committee = await known_committee(connection, committee_id)
    return page(
        request,
        "konsole_sitzung.html",
        status=UNPROCESSABLE if form.errors else 200,
        committee=committee,
        form=form,
    )


ROUTES: Final = [get_new_meeting, post_new_meeting]

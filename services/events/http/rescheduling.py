"""The form in which editors move an event, or a whole series, with a preview first."""

from uuid import UUID

from litestar import get, post
from litestar.params import FromPath

from services.events.commands.reschedule_event import RescheduleEvent, reschedule_event
from services.events.http.acting import EDITS, LIST, UNPROCESSABLE, acting
from services.events.http.event_form import put_beside
from services.events.http.previewing import preview
from services.events.http.seen import seen_event
from services.events.http.times_form import TimesForm, shown_times, times_of
from services.events.model import CalendarEvent, content_of
from services.events.moving import moved
from services.events.repeating import repetition_of
from services.events.rule_words import how_often
from services.events.wording import when_is
from shared.errors import Refused
from shared.web.forms import Form, empty_form, read_form
from shared.web.pages import Page, page, see_other
from shared.web.request import Request


@get(f"{LIST}/{{calendar_event_id:uuid}}/verlegen", opt=EDITS)
async def get_reschedule(request: Request, calendar_event_id: FromPath[UUID]) -> Page:
    """Show the form for an event's times."""
    event = await seen_event(request, calendar_event_id)
    return _reschedule_page(
        request, event, empty_form(TimesForm, shown_times(event, event.version))
    )


@post(f"{LIST}/{{calendar_event_id:uuid}}/verlegen", opt=EDITS)
async def post_reschedule(request: Request, calendar_event_id: FromPath[UUID]) -> Page:
    """Show the moved event, then move it."""
    event = await seen_event(request, calendar_event_id)
    form = await read_form(request, TimesForm)
    if not form.is_valid or form.value.step == "edit":
        return _reschedule_page(request, event, form)
    try:
        times = times_of(form, event)
        if form.value.step == "preview":
            action = f"{LIST}/{calendar_event_id}/verlegen"
            return await preview(request, form.raw, moved(content_of(event), times), action, event)
        async with acting(request) as deed:
            by = request.signed_in.name
            command = RescheduleEvent(calendar_event_id, form.value.version, times, by)
            await reschedule_event(deed.transaction, command, deed.site, deed.now)
            await deed.note(request, "reschedule_event", calendar_event_id)
    except Refused as refusal:
        put_beside(form, refusal)
        return _reschedule_page(request, event, form)
    return see_other(request, f"{LIST}/{calendar_event_id}", "Die Veranstaltung ist verlegt.")


def _reschedule_page(request: Request, event: CalendarEvent, form: Form[TimesForm]) -> Page:
    status = UNPROCESSABLE if form.errors else 200
    return page(
        request,
        "termin_verlegen.html",
        status=status,
        form=form,
        event=event,
        was=when_is(event),
        is_expressible=repetition_of(event) is not None,
        how_often=how_often(event.recurrence, event.zone),
    )

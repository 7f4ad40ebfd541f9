"""The forms in which editors write, change and move events, each with a preview first."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import msgspec
from litestar import get, post
from litestar.params import FromPath

from services.events.category import require_known
from services.events.commands.change_event import ChangeEvent, change_event
from services.events.commands.draft_event import DraftEvent, draft_event
from services.events.commands.publish_event import PublishEvent, publish_event
from services.events.commands.reschedule_event import RescheduleEvent, reschedule_event
from services.events.content import EventContent, checked
from services.events.http.acting import EDITS, LIST, UNPROCESSABLE, acting
from services.events.http.console import known_event
from services.events.http.event_form import (
    NewEventForm,
    TextsForm,
    TimesForm,
    content_of_form,
    put_beside,
    shown_texts,
    shown_times,
    texts_of,
)
from services.events.http.showing import shown
from services.events.known import with_known
from services.events.model import CalendarEvent, content_of
from services.events.store import events, places
from services.events.wording import when_is
from shared.errors import Refused
from shared.web.forms import Form, empty_form, read_form
from shared.web.pages import Page, page, see_other
from shared.web.request import Request


@get(f"{LIST}/neu", opt=EDITS)
async def get_new(request: Request) -> Page:
    """Show the form for a new event."""
    return await _new_page(request, empty_form(NewEventForm))


@post(LIST, opt=EDITS)
async def post_new(request: Request) -> Page:
    """Show a new event as citizens will see it, then keep it as a draft or publish it."""
    form = await read_form(request, NewEventForm)
    if not form.is_valid or form.value.step == "edit":
        return await _new_page(request, form)
    try:
        content = content_of_form(form)
        if form.value.step == "preview":
            return await _preview(request, form, content, LIST)
        async with acting(request) as deed:
            by = request.signed_in.name
            draft = DraftEvent(content, by)
            event = await draft_event(deed.transaction, draft, deed.site, deed.now)
            await deed.note(request, "draft_event", event.calendar_event_id)
            if form.value.step == "publish":
                command = PublishEvent(event.calendar_event_id, event.version, by)
                await publish_event(deed.transaction, command, deed.site, deed.now)
                await deed.note(request, "publish_event", event.calendar_event_id)
    except Refused as refusal:
        put_beside(form, refusal)
        return await _new_page(request, form)
    is_public = form.value.step == "publish"
    told = "Die Veranstaltung steht im Kalender." if is_public else "Der Entwurf ist gespeichert."
    return see_other(request, f"{LIST}/{event.calendar_event_id}", told)


@get(f"{LIST}/{{calendar_event_id:uuid}}/aendern", opt=EDITS)
async def get_change(request: Request, calendar_event_id: FromPath[UUID]) -> Page:
    """Show the form for an event's texts."""
    event = await _event(request, calendar_event_id)
    return await _change_page(request, event, empty_form(TextsForm, shown_texts(event)))


@post(f"{LIST}/{{calendar_event_id:uuid}}/aendern", opt=EDITS)
async def post_change(request: Request, calendar_event_id: FromPath[UUID]) -> Page:
    """Show the changed event, then change it."""
    event = await _event(request, calendar_event_id)
    form = await read_form(request, TextsForm)
    if not form.is_valid or form.value.step == "edit":
        return await _change_page(request, event, form)
    texts = texts_of(form, event)
    try:
        if form.value.step == "preview":
            wanted = msgspec.structs.replace(content_of(event), **msgspec.structs.asdict(texts))
            action = f"{LIST}/{calendar_event_id}/aendern"
            return await _preview(request, form, wanted, action, event)
        async with acting(request) as deed:
            by = request.signed_in.name
            command = ChangeEvent(calendar_event_id, form.value.version, texts, by)
            await change_event(deed.transaction, command, deed.site, deed.now)
            await deed.note(request, "change_event", calendar_event_id)
    except Refused as refusal:
        put_beside(form, refusal)
        return await _change_page(request, event, form)
    return see_other(request, f"{LIST}/{calendar_event_id}", "Die Änderung ist gespeichert.")


@get(f"{LIST}/{{calendar_event_id:uuid}}/verlegen", opt=EDITS)
async def get_reschedule(request: Request, calendar_event_id: FromPath[UUID]) -> Page:
    """Show the form for an event's times."""
    event = await _event(request, calendar_event_id)
    return _reschedule_page(request, event, empty_form(TimesForm, shown_times(event)))


@post(f"{LIST}/{{calendar_event_id:uuid}}/verlegen", opt=EDITS)
async def post_reschedule(request: Request, calendar_event_id: FromPath[UUID]) -> Page:
    """Show the moved event, then move it."""
    event = await _event(request, calendar_event_id)
    form = await read_form(request, TimesForm)
    if not form.is_valid or form.value.step == "edit":
        return _reschedule_page(request, event, form)
    times = msgspec.structs.replace(form.value.times(), zone=event.zone)
    try:
        if form.value.step == "preview":
            wanted = msgspec.structs.replace(content_of(event), **msgspec.structs.asdict(times))
            action = f"{LIST}/{calendar_event_id}/verlegen"
            return await _preview(request, form, wanted, action, event)
        async with acting(request) as deed:
            by = request.signed_in.name
            command = RescheduleEvent(calendar_event_id, form.value.version, times, by)
            await reschedule_event(deed.transaction, command, deed.site, deed.now)
            await deed.note(request, "reschedule_event", calendar_event_id)
    except Refused as refusal:
        put_beside(form, refusal)
        return _reschedule_page(request, event, form)
    return see_other(request, f"{LIST}/{calendar_event_id}", "Die Veranstaltung ist verlegt.")


async def _preview(
    request: Request,
    form: Form[Any],
    content: EventContent,
    action: str,
    before: CalendarEvent | None = None,
) -> Page:
    """Show an event as it will be; the form travels on in hidden fields.

    Raises:
        Malformed: names the first field that makes no sense.
    """
    now = datetime.now(UTC)
    async with request.pool.acquire() as connection:
        require_known(content, await events.terms(connection))
        content = checked(await with_known(connection, content))
        event = CalendarEvent(
            **msgspec.structs.asdict(content),
            calendar_event_id=before.calendar_event_id if before else UUID(int=0),
            uid="",
            state=before.state if before else "published",
            created_at=now,
            changed_at=now,
        )
        view = await shown(connection, event, [when_is(event)])
    return page(
        request,
        "termin_vorschau.html",
        event=event,
        shown=view,
        before=before,
        was=when_is(before) if before else "",
        action=action,
        hidden=[
            (name, value) for name, values in form.raw.items() if name != "step" for value in values
        ],
    )


async def _new_page(request: Request, form: Form[NewEventForm]) -> Page:
    choices = await _choices(request)
    status = UNPROCESSABLE if form.errors else 200
    return page(request, "termin_neu.html", status=status, form=form, choices=choices)


async def _change_page(request: Request, event: CalendarEvent, form: Form[TextsForm]) -> Page:
    choices = await _choices(request)
    status = UNPROCESSABLE if form.errors else 200
    return page(
        request, "termin_aendern.html", status=status, form=form, event=event, choices=choices
    )


async def _choices(request: Request) -> dict[str, list[tuple[Any, str]]]:
    """Return value and label of everything that can be chosen in the form, by field."""
    async with request.pool.acquire() as connection:
        terms = await events.terms(connection)
        known_places = await places.places(connection)
        organisers = await places.organisers(connection)
    return {
        "categories": [(term.code, term.title) for term in terms.categories],
        "audiences": [(term.code, term.title) for term in terms.audiences],
        "place_id": [
            (place.place_id, ", ".join(filter(None, (place.name, place.address))))
            for place in known_places
        ],
        "organiser_id": [(each.organiser_id, each.name) for each in organisers],
    }


def _reschedule_page(request: Request, event: CalendarEvent, form: Form[TimesForm]) -> Page:
    status = UNPROCESSABLE if form.errors else 200
    return page(
        request, "termin_verlegen.html", status=status, form=form, event=event, was=when_is(event)
    )


async def _event(request: Request, calendar_event_id: UUID) -> CalendarEvent:
    async with request.pool.acquire() as connection:
        return await known_event(connection, calendar_event_id)

"""The forms in which editors write and change events, each with a preview first."""

from typing import Any
from uuid import UUID

import msgspec
from litestar import get, post
from litestar.params import FromPath

from services.events.commands.change_event import ChangeEvent, change_event
from services.events.commands.draft_event import DraftEvent, draft_event
from services.events.commands.publish_event import PublishEvent, publish_event
from services.events.http.acting import EDITS, LIST, UNPROCESSABLE, acting
from services.events.http.event_form import (
    TextsForm,
    copied_event,
    empty_event,
    put_beside,
    read_event,
    shown_texts,
    texts_of,
)
from services.events.http.previewing import preview
from services.events.http.seen import seen_event, template_id
from services.events.model import CalendarEvent, EventUnknown, content_of
from services.events.store import events, places
from services.events.wording import when_is
from shared.errors import Refused
from shared.web.forms import Form, empty_form, read_form
from shared.web.pages import Page, page, see_other
from shared.web.request import Request


@get(f"{LIST}/neu", opt=EDITS)
async def get_new(request: Request) -> Page:
    """Show the form for a new event, filled like another one if the address names it.

    Raises:
        EventUnknown: there is none to be like; what committees meet about is none.
    """
    source_id = template_id(request)
    if source_id is None:
        return await _new_page(request, empty_event().shown)
    source = await seen_event(request, source_id)
    if source.visibility == "committee":
        raise EventUnknown
    return await _new_page(request, copied_event(source).shown, source)


@post(LIST, opt=EDITS)
async def post_new(request: Request) -> Page:
    """Show a new event as citizens will see it, then keep it as a draft or publish it."""
    given = await read_event(request)
    form = given.shown
    if not given.is_valid or given.texts.value.step == "edit":
        return await _new_page(request, form)
    step, by = given.texts.value.step, request.signed_in.name
    try:
        content = given.content()
        if step == "preview":
            return await preview(request, form.raw, content, LIST)
        async with acting(request) as deed:
            event = await draft_event(
                deed.transaction, DraftEvent(content, by), deed.site, deed.now
            )
            await deed.note(request, "draft_event", event.calendar_event_id)
            if step == "publish":
                command = PublishEvent(event.calendar_event_id, event.version, by)
                await publish_event(deed.transaction, command, deed.site, deed.now)
                await deed.note(request, "publish_event", event.calendar_event_id)
    except Refused as refusal:
        put_beside(form, refusal)
        return await _new_page(request, form)
    told = (
        "Die Veranstaltung steht im Kalender."
        if step == "publish"
        else "Der Entwurf ist gespeichert."
    )
    return see_other(request, f"{LIST}/{event.calendar_event_id}", told)


@get(f"{LIST}/{{calendar_event_id:uuid}}/aendern", opt=EDITS)
async def get_change(request: Request, calendar_event_id: FromPath[UUID]) -> Page:
    """Show the form for an event's texts."""
    event = await seen_event(request, calendar_event_id)
    return await _change_page(request, event, empty_form(TextsForm, shown_texts(event)))


@post(f"{LIST}/{{calendar_event_id:uuid}}/aendern", opt=EDITS)
async def post_change(request: Request, calendar_event_id: FromPath[UUID]) -> Page:
    """Show the changed event, then change it."""
    event = await seen_event(request, calendar_event_id)
    form = await read_form(request, TextsForm)
    if not form.is_valid or form.value.step == "edit":
        return await _change_page(request, event, form)
    texts = texts_of(form, event)
    try:
        if form.value.step == "preview":
            wanted = msgspec.structs.replace(content_of(event), **msgspec.structs.asdict(texts))
            action = f"{LIST}/{calendar_event_id}/aendern"
            return await preview(request, form.raw, wanted, action, event)
        async with acting(request) as deed:
            by = request.signed_in.name
            command = ChangeEvent(calendar_event_id, form.value.version, texts, by)
            await change_event(deed.transaction, command, deed.site, deed.now)
            await deed.note(request, "change_event", calendar_event_id)
    except Refused as refusal:
        put_beside(form, refusal)
        return await _change_page(request, event, form)
    return see_other(request, f"{LIST}/{calendar_event_id}", "Die Änderung ist gespeichert.")


async def _new_page(
    request: Request, form: Form[TextsForm], source: CalendarEvent | None = None
) -> Page:
    return page(
        request,
        "termin_neu.html",
        status=UNPROCESSABLE if form.errors else 200,
        form=form,
        choices=await _choices(request),
        source=source,
        when_is=when_is,
    )


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

"""The pages on which an association writes and submits its events, opened by its own link."""

from datetime import UTC, datetime
from typing import Annotated, Final
from uuid import UUID

import msgspec
from litestar import get, post
from litestar.params import FromPath

from services.events.associations.commands.ask_for_cancellation import (
    AskForCancellation,
    ask_for_cancellation,
)
from services.events.associations.commands.change_own_event import ChangeOwnEvent, change_own_event
from services.events.associations.commands.draft_own_event import DraftOwnEvent, draft_own_event
from services.events.associations.commands.submit_event import SubmitEvent, submit_event
from services.events.associations.http.entering import (
    HERE,
    THEIRS,
    get_link,
    get_link_to_event,
    own_event,
    their_deed,
    whose,
)
from services.events.associations.model import CHANGEABLE, Association, OwnEvent
from services.events.associations.store import links, submissions
from services.events.content import EventContent
from services.events.http.acting import UNPROCESSABLE, Deed
from services.events.http.event_form import (
    NewEvent,
    TextsForm,
    copied_event,
    empty_event,
    known_event_form,
    put_beside,
    read_event,
    texts_of,
)
from services.events.http.seen import seen_version, template_id
from services.events.http.times_form import times_of
from services.events.model import CalendarEvent, content_of
from services.events.site import event_path
from services.events.store import events, places
from services.events.telling import all_texts
from services.events.wording import STATES, when_is
from shared.errors import NotFound, Refused
from shared.web.forms import Form, empty_form, read_form
from shared.web.pages import Page, page, see_other
from shared.web.request import Request

ONE: Final = f"{HERE}/termine/{{calendar_event_id:uuid}}"
MOST_SHOWN: Final = 200


class CancellationForm(msgspec.Struct, kw_only=True):
    """Why an event is to be called off."""

    reason: Annotated[str, msgspec.Meta(max_length=2_000)]


@get(HERE, opt=THEIRS)
async def get_own_events(request: Request) -> Page:
    """List the association's events, each with how it stands."""
    async with request.pool.acquire() as connection:
        association = await whose(request, connection)
        own = await submissions.own_events(connection, association.organiser_id, MOST_SHOWN)
        email = await links.contact(connection, association.organiser_id)
    return page(
        request,
        "melden.html",
        association=association,
        own=own,
        email=email,
        states=STATES,
        when_is=when_is,
    )


@get(f"{HERE}/termine/neu", opt=THEIRS)
async def get_new(request: Request) -> Page:
    """Show the form for a new event, filled like another one of theirs if the address names it."""
    if (source_id := template_id(request)) is None:
        return await _form_page(request, empty_event().shown, None)
    async with request.pool.acquire() as connection:
        own = await own_event(request, connection, source_id)
    return await _form_page(request, copied_event(own.event).shown, None, own)


@post(f"{HERE}/termine/neu", opt=THEIRS)
async def post_new(request: Request) -> Page:
    """Keep a new event as a draft, and submit it if that is wanted."""
    given = await read_event(request)
    form = given.shown
    if not given.is_valid:
        return await _form_page(request, form, None)
    try:
        async with their_deed(request) as (deed, association):
            draft = DraftOwnEvent(association, given.content())
            event = await draft_own_event(deed.transaction, draft, deed.site, deed.now)
            await _submit_if_wished(deed, given, association, event)
    except NotFound:
        raise
    except Refused as refusal:
        put_beside(form, refusal)
        return await _form_page(request, form, None)
    return _kept(request, given, event.calendar_event_id)


@get(ONE, opt=THEIRS)
async def get_own_event(request: Request, calendar_event_id: FromPath[UUID]) -> Page:
    """Show one of the association's events, and what can be done about it."""
    return await _one_page(request, calendar_event_id, empty_form(CancellationForm))


@get(f"{ONE}/aendern", opt=THEIRS)
async def get_change(request: Request, calendar_event_id: FromPath[UUID]) -> Page:
    """Show the form for an event, with the reason beside it if it came back."""
    async with request.pool.acquire() as connection:
        own = await own_event(request, connection, calendar_event_id)
    return await _form_page(request, known_event_form(own.event).shown, own)


@post(f"{ONE}/aendern", opt=THEIRS)
async def post_change(request: Request, calendar_event_id: FromPath[UUID]) -> Page:
    """Change an event, and submit it if that is wanted."""
    async with request.pool.acquire() as connection:
        own = await own_event(request, connection, calendar_event_id)
    given = await read_event(request)
    form = given.shown
    if not given.is_valid:
        return await _form_page(request, form, own)
    try:
        async with their_deed(request) as (deed, association):
            command = ChangeOwnEvent(
                association, calendar_event_id, given.texts.value.version, _said(given, own)
            )
            event = await change_own_event(deed.transaction, command, deed.site, deed.now)
            await _submit_if_wished(deed, given, association, event)
    except NotFound:
        raise
    except Refused as refusal:
        put_beside(form, refusal)
        return await _form_page(request, form, own)
    return _kept(request, given, calendar_event_id)


@post(f"{ONE}/einreichen", opt=THEIRS)
async def post_submit(request: Request, calendar_event_id: FromPath[UUID]) -> Page:
    """Submit an event as it stands."""
    version = await seen_version(request)
    async with their_deed(request) as (deed, association):
        command = SubmitEvent(association, calendar_event_id, version)
        await submit_event(deed.transaction, command, deed.site, deed.now)
    return see_other(request, HERE, "Vielen Dank. Wir prüfen Ihre Veranstaltung.")


@post(f"{ONE}/absage", opt=THEIRS)
async def post_cancellation(request: Request, calendar_event_id: FromPath[UUID]) -> Page:
    """Ask the editors to call an event off."""
    form = await read_form(request, CancellationForm)
    if not form.is_valid:
        return await _one_page(request, calendar_event_id, form)
    async with their_deed(request) as (deed, association):
        command = AskForCancellation(association, calendar_event_id, form.value.reason)
        await ask_for_cancellation(deed.transaction, command, deed.now)
    path = f"{HERE}/termine/{calendar_event_id}"
    return see_other(request, path, "Wir haben Ihre Absage bekommen und tragen sie ein.")


def _said(given: NewEvent, own: OwnEvent) -> EventContent:
    """Return what the event is to say; what the form does not ask for stays as it was."""
    texts = msgspec.structs.asdict(texts_of(given.texts, own.event))
    times = msgspec.structs.asdict(times_of(given.times, own.event))
    return msgspec.structs.replace(content_of(own.event), **texts, **times)


async def _submit_if_wished(
    deed: Deed, given: NewEvent, association: Association, event: CalendarEvent
) -> None:
    if given.texts.value.step == "publish" and event.state != "submitted":
        command = SubmitEvent(association, event.calendar_event_id, event.version)
        await submit_event(deed.transaction, command, deed.site, deed.now)


def _kept(request: Request, given: NewEvent, calendar_event_id: UUID) -> Page:
    if given.texts.value.step == "publish":
        return see_other(request, HERE, "Vielen Dank. Wir prüfen Ihre Veranstaltung.")
    path = f"{HERE}/termine/{calendar_event_id}"
    return see_other(request, path, "Gespeichert. Eingereicht ist die Veranstaltung noch nicht.")


async def _form_page(
    request: Request, form: Form[TextsForm], own: OwnEvent | None, source: OwnEvent | None = None
) -> Page:
    async with request.pool.acquire() as connection:
        await whose(request, connection)
        terms = await events.terms(connection)
        known = await places.places(connection)
    return page(
        request,
        "melden_formular.html",
        status=UNPROCESSABLE if form.errors else 200,
        form=form,
        places=[(place.place_id, f"{place.name}, {place.address}") for place in known],
        categories=[(term.code, term.title) for term in terms.categories],
        audiences=[(term.code, term.title) for term in terms.audiences],
        event=own.event if own else None,
        source=source.event if source else None,
        when_is=when_is,
    )


async def _one_page(
    request: Request, calendar_event_id: UUID, form: Form[CancellationForm]
) -> Page:
    async with request.pool.acquire() as connection:
        own = await own_event(request, connection, calendar_event_id)
        terms = await events.terms(connection)
    event = own.event
    return page(
        request,
        "melden_termin.html",
        status=UNPROCESSABLE if form.errors else 200,
        own=own,
        event=event,
        form=form,
        facts=[("Wann", when_is(event)), *all_texts(event, terms)],
        state=STATES[event.state],
        can_change=event.state in CHANGEABLE,
        can_cancel=event.state in {"published", "postponed"} and event.ends_at > datetime.now(UTC),
        public_path=event_path(event.calendar_event_id, event.title) if event.is_public else "",
    )


ROUTES: Final = [
    get_link,
    get_link_to_event,
    get_own_events,
    get_new,
    post_new,
    get_own_event,
    get_change,
    post_change,
    post_submit,
    post_cancellation,
]

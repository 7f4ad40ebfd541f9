"""The editors' list of events and the page of one."""

from typing import Any, cast
from uuid import UUID

from litestar import get, post
from litestar.params import FromPath

from services.events.category import titles_of
from services.events.commands.cancel_event import CancelEvent, cancel_event
from services.events.commands.publish_event import PublishEvent, publish_event
from services.events.content import DEFAULT_ZONE
from services.events.http.acting import EDITS, LIST, acting, seen_version
from services.events.http.overrides import overridden
from services.events.http.public import shown_dates
from services.events.model import CalendarEvent, EventUnknown, State
from services.events.store import calendar, events, items
from services.events.wording import ORIGINS, STATES, how_often, when, when_is
from shared.database import Connection
from shared.errors import Malformed
from shared.ical.timezone import wall_clock
from shared.web.listing import read_listing
from shared.web.pages import Page, page, see_other
from shared.web.request import Request


@get(LIST, opt=EDITS)
async def get_console_list(request: Request) -> Page:
    """List events in any state, those changed last first."""
    listing = read_listing(request, ["changed"])
    state = request.query_params.get("zustand") or None
    if state is not None and state not in STATES:
        raise Malformed("Diesen Zustand gibt es nicht.", "zustand")
    wanted = cast("State | None", state)
    words = listing.search.split()
    async with request.pool.acquire() as connection:
        found = await calendar.console_list(connection, wanted, words, listing.offset, listing.rows)
        total = await calendar.console_count(connection, wanted, words)
    return page(
        request,
        "konsole_termine.html",
        events=found,
        total=total,
        listing=listing,
        state=state or "",
        states=STATES,
        origins=ORIGINS,
    )


@get(f"{LIST}/{{calendar_event_id:uuid}}", opt=EDITS)
async def get_console_event(request: Request, calendar_event_id: FromPath[UUID]) -> Page:
    """Show an event with what can be done about it."""
    async with request.pool.acquire() as connection:
        event = await known_event(connection, calendar_event_id)
        dates = await shown_dates(connection, calendar_event_id)
        categories = await events.categories(connection)
        same_day = await calendar.same_day(connection, event)
        item = await items.find_item(connection, event.origin_id) if event.origin_id else None
    return page(
        request,
        "konsole_termin.html",
        **described(event),
        dates=[when(dated) for dated in dates] or [when_is(event)],
        titles=titles_of(event.categories, categories),
        same_day=same_day,
        overridden=overridden(item, categories),
        states=STATES,
        origins=ORIGINS,
    )


@get(f"{LIST}/{{calendar_event_id:uuid}}/veroeffentlichen", opt=EDITS)
async def get_publish_question(request: Request, calendar_event_id: FromPath[UUID]) -> Page:
    """Ask whether a draft is to be published."""
    async with request.pool.acquire() as connection:
        event = await known_event(connection, calendar_event_id)
    return page(
        request,
        "confirm.html",
        question=f"„{event.title}“ veröffentlichen?",
        consequences=["Die Veranstaltung steht sofort im Kalender und in den Abonnements."],
        action=f"{LIST}/{calendar_event_id}/veroeffentlichen",
        yes="Veröffentlichen",
        back=f"{LIST}/{calendar_event_id}",
        fields={"version": event.version},
    )


@post(f"{LIST}/{{calendar_event_id:uuid}}/veroeffentlichen", opt=EDITS)
async def post_publish(request: Request, calendar_event_id: FromPath[UUID]) -> Page:
    """Publish a draft."""
    version, by = await seen_version(request), request.signed_in.name
    command = PublishEvent(calendar_event_id, version, by)
    async with acting(request) as deed:
        await publish_event(deed.transaction, command, deed.site, deed.now)
        await deed.note(request, "publish_event", calendar_event_id)
    return see_other(
        request, f"{LIST}/{calendar_event_id}", "Die Veranstaltung ist veröffentlicht."
    )


@get(f"{LIST}/{{calendar_event_id:uuid}}/absagen", opt=EDITS)
async def get_cancel_question(request: Request, calendar_event_id: FromPath[UUID]) -> Page:
    """Ask whether an event is to be cancelled."""
    async with request.pool.acquire() as connection:
        event = await known_event(connection, calendar_event_id)
    return page(
        request,
        "confirm.html",
        question=f"„{event.title}“ absagen?",
        consequences=[
            "Die Veranstaltung bleibt sichtbar und ist überall als abgesagt gekennzeichnet.",
            "Wer den Kalender abonniert hat, sieht die Absage beim nächsten Abruf.",
            "Eine Absage lässt sich nicht zurücknehmen.",
        ],
        action=f"{LIST}/{calendar_event_id}/absagen",
        yes="Absagen",
        back=f"{LIST}/{calendar_event_id}",
        fields={"version": event.version},
    )


@post(f"{LIST}/{{calendar_event_id:uuid}}/absagen", opt=EDITS)
async def post_cancel(request: Request, calendar_event_id: FromPath[UUID]) -> Page:
    """Cancel an event."""
    version, by = await seen_version(request), request.signed_in.name
    command = CancelEvent(calendar_event_id, version, by)
    async with acting(request) as deed:
        await cancel_event(deed.transaction, command, deed.site, deed.now)
        await deed.note(request, "cancel_event", calendar_event_id)
    return see_other(request, f"{LIST}/{calendar_event_id}", "Die Veranstaltung ist abgesagt.")


def described(event: CalendarEvent) -> dict[str, Any]:
    """Return what the part of a page that shows an event needs, besides its dates."""
    previous = event.previous_starts_at
    return {
        "event": event,
        "how_often": how_often(event.recurrence),
        "previous": wall_clock(previous, event.zone) if previous else None,
        "state": STATES[event.state],
        "is_elsewhere": event.zone != DEFAULT_ZONE,
    }


async def known_event(connection: Connection, calendar_event_id: UUID) -> CalendarEvent:
    """Return an event in any state.

    Raises:
        EventUnknown: there is none.
    """
    event = await events.find_event(connection, calendar_event_id)
    if event is None:
        raise EventUnknown
    return event

"""The editors' list of events and the page of one."""

from datetime import UTC, datetime
from typing import Final
from uuid import UUID

from litestar import get, post
from litestar.params import FromPath

from services.events.commands.cancel_event import CancelEvent, cancel_event
from services.events.commands.publish_event import PublishEvent, publish_event
from services.events.http.acting import EDITS, LIST, acting
from services.events.http.console_sheet import MOST_ROWS, wanted_state
from services.events.http.overrides import overridden
from services.events.http.seen import known_event, seen_event, seen_version
from services.events.http.showing import listed_dates, shown
from services.events.http.single_dates import listed_singly, read_since
from services.events.links.model import REASONS
from services.events.store import console, events, items, offer_links
from services.events.wording import ORIGINS, STATES
from shared.web.listing import read_listing
from shared.web.pages import Page, page, see_other
from shared.web.request import Request

COUNTED: Final = 1_000
"""So far the list counts what it finds; nobody reads on to the thousandth line."""


@get(LIST, opt=EDITS)
async def get_console_list(request: Request) -> Page:
    """List events in any state, those changed last first, and count up to a thousand of them."""
    listing = read_listing(request, ["changed"])
    wanted = wanted_state(request)
    words = listing.search.split()
    async with request.pool.acquire() as connection:
        found = await console.listed(connection, wanted, words, listing.offset, listing.rows + 1)
        on_page = found[: listing.rows]
        goes_on = len(found) > len(on_page)
        total = (
            await console.count(connection, wanted, words, COUNTED + 1)
            if goes_on
            else listing.offset + len(found)
        )
        ids = [each.calendar_event_id for each in on_page]
        dead = await offer_links.dead_among(connection, ids)
    return page(
        request,
        "konsole_termine.html",
        events=on_page,
        goes_on=goes_on,
        total=total,
        counted=COUNTED,
        most_rows=MOST_ROWS,
        dead=dead,
        listing=listing,
        state=wanted or "",
        states=STATES,
        origins=ORIGINS,
    )


@get(f"{LIST}/{{calendar_event_id:uuid}}", opt=EDITS)
async def get_console_event(request: Request, calendar_event_id: FromPath[UUID]) -> Page:
    """Show an event with what can be done about it."""
    now = datetime.now(UTC)
    async with request.pool.acquire() as connection:
        event = await known_event(connection, calendar_event_id)
        view = await shown(connection, event, await listed_dates(connection, event, now))
        dead = await offer_links.dead_among(connection, [calendar_event_id])
        same_day = await console.same_day(connection, event)
        item = await items.find_item(connection, event.origin_id) if event.origin_id else None
        terms = await events.terms(connection)
    return page(
        request,
        "konsole_termin.html",
        event=event,
        shown=view,
        singly=listed_singly(event, read_since(request, now)),
        dead_link=REASONS[dead[calendar_event_id]] if dead else "",
        same_day=same_day,
        overridden=overridden(item, terms),
        states=STATES,
        origins=ORIGINS,
    )


@get(f"{LIST}/{{calendar_event_id:uuid}}/veroeffentlichen", opt=EDITS)
async def get_publish_question(request: Request, calendar_event_id: FromPath[UUID]) -> Page:
    """Ask whether a draft is to be published."""
    event = await seen_event(request, calendar_event_id)
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
    event = await seen_event(request, calendar_event_id)
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

"""The list of invited guests: searched, filtered, exported."""

from uuid import UUID

from litestar import Response, get, post
from litestar.params import FromPath

from services.recognition.honouring import labels
from services.recognition.honouring.http.acting import PLANS, SEES, acting
from services.recognition.honouring.http.frame import LIST, event_page
from services.recognition.honouring.store import events, guest_list
from services.recognition.honouring.store.guest_list import GuestPage, ListedGuest
from shared.german import moment
from shared.web.listing import read_listing
from shared.web.pages import Page
from shared.web.request import Request
from shared.web.sheets import csv_answer

GUESTS = f"{LIST}/{{event_id:uuid}}/gaeste"
EXPORT_ROWS = 20_000
HEADER = (
    "Nachname", "Vorname", "Verein", "Gruppe", "Antwort", "Personen", "Begleitung", "Bedarf",
    "Erreichbar per", "Geantwortet am", "Geantwortet über",
)  # fmt: skip


@get(GUESTS, opt=SEES)
async def get_guests(request: Request, event_id: FromPath[UUID]) -> Page:
    """Show one page of the guests."""
    listing = read_listing(request, ["name", "answered", "association"])
    wanted = _wanted(request, event_id)
    async with request.pool.acquire() as connection:
        event = await events.get(connection, event_id)
        guests = await guest_list.page(connection, wanted)
    return event_page(
        request,
        "gaeste.html",
        event,
        tab="gaeste",
        listing=listing,
        wanted=wanted,
        guests=guests,
        total=guests[0].total if guests else 0,
    )


@post(f"{GUESTS}/tabelle", opt=PLANS, status_code=200)
async def post_guest_sheet(request: Request, event_id: FromPath[UUID]) -> Response[bytes]:
    """Send the guests that the list shows as a table, and write down that somebody took it."""
    wanted = _wanted(request, event_id, EXPORT_ROWS)
    async with acting(request, "export_guests", event_id) as opened:
        event = await events.get(opened, event_id)
        guests = await guest_list.page(opened, wanted)
    return csv_answer("gaeste", HEADER, [_row(guest, event.zone) for guest in guests])


def _wanted(request: Request, event_id: UUID, rows: int = 0) -> GuestPage:
    """Return what the address asks for: one page, or the first `rows`."""
    listing = read_listing(request, ["name", "answered", "association"])
    asked = request.query_params
    state, category = asked.get("antwort", ""), asked.get("gruppe", "")
    needs = asked.get("bedarf", "")
    return GuestPage(
        honouring_event_id=event_id,
        search=listing.search,
        state=state if state in labels.ANSWERS else "",
        category=category if category in labels.CATEGORIES else "",
        needs=needs if needs in {"access", "letter"} else "",
        sort=listing.sort,
        descending=listing.descending,
        offset=0 if rows else listing.offset,
        rows=rows or listing.rows,
    )


def _row(guest: ListedGuest, zone: str) -> tuple[object, ...]:
    return (
        guest.family_name,
        guest.given_name,
        guest.organisation_name,
        labels.CATEGORIES[guest.category],
        labels.ANSWERS[guest.state],
        guest.persons,
        guest.companion_name,
        ", ".join(labels.needs(guest)),
        "E-Mail" if guest.has_email else "Brief",
        moment(guest.answered_at, zone),
        labels.VIA.get(guest.answered_via or "", ""),
    )


ROUTES = [get_guests, post_guest_sheet]

"""The selection of guests: rehearsed in numbers, drawn, and minuted."""

from collections.abc import Sequence
from uuid import UUID

import msgspec
from litestar import get, post
from litestar.params import FromPath

from services.recognition.honouring.commands.select_guests import SelectGuests, select_guests
from services.recognition.honouring.draw import Rehearsal, rehearse
from services.recognition.honouring.http.acting import PLANS, SEES, acting, put_beside
from services.recognition.honouring.http.frame import LIST, event_page
from services.recognition.honouring.planning import MOST_PLACES
from services.recognition.honouring.store import draws, events, figures, places, proposals, quotas
from shared.database import Connection
from shared.errors import Malformed, NotFound, Refused
from shared.web.forms import Form, empty_form, read_form
from shared.web.pages import Page, see_other
from shared.web.request import Request

UNPROCESSABLE = 422
SELECTION = f"{LIST}/{{event_id:uuid}}/auswahl"


class DrawUnknown(NotFound):
    """There is no such draw for this event."""

    def __init__(self) -> None:
        super().__init__("Dieses Losprotokoll gibt es nicht.")


class PlacesOutOfRange(Malformed):
    """The number of guests to be drawn makes no sense."""

    def __init__(self) -> None:
        super().__init__(f"Bitte eine ganze Zahl von 1 bis {MOST_PLACES}.", "places")


class DrawForm(msgspec.Struct, kw_only=True):
    """How many guests are drawn from which seed."""

    places: int
    seed: str = ""

    def __post_init__(self) -> None:
        """Refuse numbers that make no sense."""
        if not 1 <= self.places <= MOST_PLACES:
            raise PlacesOutOfRange


@get(SELECTION, opt=SEES)
async def get_selection(request: Request, event_id: FromPath[UUID]) -> Page:
    """Show the numbers of a draw before it is made, and the draws that were."""
    asked = request.query_params.get("places", "")
    if not asked:
        return await _show(request, event_id, None)
    form = empty_form(DrawForm, {"places": asked})
    try:
        wanted = _number(asked)
    except PlacesOutOfRange as refusal:
        form.refuse(refusal)
        return await _show(request, event_id, form)
    return await _show(request, event_id, form, wanted)


@post(SELECTION, opt=PLANS)
async def post_selection(request: Request, event_id: FromPath[UUID]) -> Page:
    """Draw the guests."""
    form = await read_form(request, DrawForm)
    if form.is_valid:
        command = SelectGuests(
            honouring_event_id=event_id,
            places=form.value.places,
            seed=form.value.seed,
            drawn_by=request.signed_in.name,
        )
        try:
            async with acting(request, "select_guests", event_id) as opened:
                draw_id = await select_guests(opened, command)
        except Refused as refusal:
            put_beside(form, refusal)
        else:
            sentence = "Die Gäste sind ausgewählt. Das ist das Losprotokoll."
            return see_other(request, f"{LIST}/{event_id}/auswahl/{draw_id}", sentence)
    return await _show(request, event_id, form, form.value.places if form.is_valid else 0)


@get(f"{SELECTION}/{{draw_id:uuid}}", opt=SEES)
async def get_minutes(request: Request, event_id: FromPath[UUID], draw_id: FromPath[UUID]) -> Page:
    """Show the minutes of a draw, ready to be printed."""
    async with request.pool.acquire() as connection:
        event = await events.get(connection, event_id)
        made = {one.lottery_draw_id: one for one in await draws.listed(connection, event_id)}
        minutes = await draws.minutes_of(connection, draw_id)
        people = await draws.people_of(connection, event_id)
    if minutes is None or draw_id not in made:
        raise DrawUnknown
    return event_page(
        request,
        "losprotokoll.html",
        event,
        tab="auswahl",
        draw=made[draw_id],
        minutes=minutes,
        people=people,
    )


def _number(text: str) -> int:
    if not text.isascii() or not text.isdigit() or len(text) > len(str(MOST_PLACES)):
        raise PlacesOutOfRange
    if not 1 <= int(text) <= MOST_PLACES:
        raise PlacesOutOfRange
    return int(text)


async def _show(
    request: Request, event_id: UUID, form: Form[DrawForm] | None, wanted: int = 0
) -> Page:
    async with request.pool.acquire() as connection:
        event = await events.get(connection, event_id)
        counted = await figures.figures(connection, event_id)
        free = await _free_places(connection, event_id, counted)
        rehearsal: Sequence[Rehearsal] = ()
        if wanted:
            rehearsal = rehearse(
                await proposals.candidates(connection, event_id),
                places=wanted,
                quotas=await quotas.left_to_select(connection, event_id),
            )
        made = await draws.listed(connection, event_id)
    candidates = counted.proposed + counted.carried_over
    return event_page(
        request,
        "auswahl.html",
        event,
        tab="auswahl",
        status=UNPROCESSABLE if form is not None and form.errors else 200,
        form=form or empty_form(DrawForm, {"places": min(free, candidates) or free}),
        free=free,
        candidates=candidates,
        rehearsal=rehearsal,
        draws=made,
        can_draw=event.phase in {"nomination_closed", "guests_selected", "inviting"},
    )


async def _free_places(connection: Connection, event_id: UUID, counted: figures.Figures) -> int:
    """Return how many more guests there are places for, if all who are asked come alone."""
    balance = await places.balance(connection, event_id)
    spoken_for = counted.selected + counted.silent + counted.waiting
    return max(1, balance.left.volunteer - spoken_for)


ROUTES = [get_selection, post_selection, get_minutes]

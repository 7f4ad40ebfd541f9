"""Opens the admission by hand, and goes back to the rehearsal."""

from uuid import UUID

from litestar import get, post
from litestar.params import FromPath

from services.recognition.honouring.commands.open_admission import OpenAdmission, open_admission
from services.recognition.honouring.commands.rehearse_admission import (
    RehearseAdmission,
    rehearse_admission,
)
from services.recognition.honouring.http.acting import PLANS, acting
from services.recognition.honouring.http.frame import LIST, address
from services.recognition.honouring.store import events
from shared.german import moment
from shared.web.pages import Page, page, see_other
from shared.web.request import Request

OPEN = f"{LIST}/{{event_id:uuid}}/einlass-oeffnen"
REHEARSE = f"{LIST}/{{event_id:uuid}}/einlass-proben"


@get(OPEN, opt=PLANS)
async def get_opening_question(request: Request, event_id: FromPath[UUID]) -> Page:
    """Ask whether the doors are to admit guests from now on."""
    async with request.pool.acquire() as connection:
        event = await events.get(connection, event_id)
    return page(
        request,
        "confirm.html",
        question=f"Einlass zu „{event.title}“ jetzt öffnen?",
        consequences=[
            "Ab sofort wird an der Tür jede gescannte Karte eingetragen und gilt als eingelassen.",
            f"Von selbst geschieht das ab {moment(event.counts_from, event.zone)}.",
            "Bis dahin ist an der Tür Probe: Karten werden geprüft, aber nicht eingetragen.",
            "Zurück zur Probe geht es, solange niemand eingelassen ist.",
        ],
        action=address(event, "einlass-oeffnen"),
        yes="Einlass öffnen",
        back=address(event),
        fields={},
    )


@post(OPEN, opt=PLANS)
async def post_opening(request: Request, event_id: FromPath[UUID]) -> Page:
    """Have the doors admit guests from now on."""
    async with acting(request, "open_admission", event_id) as opened:
        await open_admission(opened, OpenAdmission(honouring_event_id=event_id))
    return see_other(request, f"{LIST}/{event_id}", "Der Einlass ist geöffnet.")


@post(REHEARSE, opt=PLANS)
async def post_rehearsal(request: Request, event_id: FromPath[UUID]) -> Page:
    """Go back to the rehearsal."""
    async with acting(request, "rehearse_admission", event_id) as opened:
        await rehearse_admission(opened, RehearseAdmission(honouring_event_id=event_id))
    return see_other(request, f"{LIST}/{event_id}", "An der Tür ist wieder Probe.")


ROUTES = [get_opening_question, post_opening, post_rehearsal]

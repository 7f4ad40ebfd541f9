"""Puts an event off without a new date, after a question."""

from uuid import UUID

from litestar import get, post
from litestar.params import FromPath

from services.events.commands.postpone_event import PostponeEvent, postpone_event
from services.events.http.acting import EDITS, LIST, acting
from services.events.http.seen import seen_event, seen_version
from shared.web.pages import Page, page, see_other
from shared.web.request import Request


@get(f"{LIST}/{{calendar_event_id:uuid}}/verschieben", opt=EDITS)
async def get_postpone_question(request: Request, calendar_event_id: FromPath[UUID]) -> Page:
    """Ask whether an event is to be put off."""
    event = await seen_event(request, calendar_event_id)
    return page(
        request,
        "confirm.html",
        question=f"„{event.title}“ auf unbestimmte Zeit verschieben?",
        consequences=[
            "Die Veranstaltung bleibt sichtbar und ist überall als verschoben gekennzeichnet.",
            *(["Das gilt für alle Termine der Serie."] if event.recurrence else []),
            "Wer den Kalender abonniert hat, sieht das beim nächsten Abruf.",
            "Steht der neue Termin fest, tragen Sie ihn mit „Verlegen“ ein.",
        ],
        action=f"{LIST}/{calendar_event_id}/verschieben",
        yes="Verschieben",
        back=f"{LIST}/{calendar_event_id}",
        fields={"version": event.version},
    )


@post(f"{LIST}/{{calendar_event_id:uuid}}/verschieben", opt=EDITS)
async def post_postpone(request: Request, calendar_event_id: FromPath[UUID]) -> Page:
    """Put an event off."""
    version, by = await seen_version(request), request.signed_in.name
    command = PostponeEvent(calendar_event_id, version, by)
    async with acting(request) as deed:
        await postpone_event(deed.transaction, command, deed.site, deed.now)
        await deed.note(request, "postpone_event", calendar_event_id)
    told = "Die Veranstaltung ist verschoben, der neue Termin steht noch nicht fest."
    return see_other(request, f"{LIST}/{calendar_event_id}", told)

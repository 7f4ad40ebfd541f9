"""Lets editors decide who finds an event, after a question."""

from typing import Final, Literal
from uuid import UUID

from litestar import get, post
from litestar.params import FromPath

from services.events.commands.show_event_to import ShowEventTo, show_event_to
from services.events.http.acting import EDITS, LIST, acting
from services.events.http.seen import seen_event, seen_version
from shared.web.pages import Page, page, see_other
from shared.web.request import Request

_HIDING: Final = [
    "Die Veranstaltung steht nicht mehr in Listen, Suchen und Abonnements.",
    "Wer abonniert hat, dem verschwindet sie beim nächsten Abruf ohne Hinweis.",
    "Findet sie nicht statt, sagen Sie sie bitte stattdessen ab.",
    "Wer die Adresse ihrer Seite hat, sieht sie weiterhin, sobald sie veröffentlicht ist.",
]
_SHOWING: Final = [
    "Die Veranstaltung steht in Listen, Suchen und Abonnements, sobald sie veröffentlicht ist."
]


@get(f"{LIST}/{{calendar_event_id:uuid}}/sichtbarkeit", opt=EDITS)
async def get_visibility_question(request: Request, calendar_event_id: FromPath[UUID]) -> Page:
    """Ask whether an event is to be unlisted, or listed again."""
    event = await seen_event(request, calendar_event_id)
    hides = event.visibility == "public"
    return page(
        request,
        "confirm.html",
        question=f"„{event.title}“ "
        + ("nur mit ihrer Adresse zeigen?" if hides else "in den Listen zeigen?"),
        consequences=_HIDING if hides else _SHOWING,
        action=f"{LIST}/{calendar_event_id}/sichtbarkeit",
        yes="Nur mit Adresse" if hides else "In den Listen zeigen",
        back=f"{LIST}/{calendar_event_id}",
        fields={"version": event.version, "visibility": "unlisted" if hides else "public"},
    )


@post(f"{LIST}/{{calendar_event_id:uuid}}/sichtbarkeit", opt=EDITS)
async def post_visibility(request: Request, calendar_event_id: FromPath[UUID]) -> Page:
    """Let an event be found by everybody, or only with its address."""
    wanted: Literal["public", "unlisted"] = (
        "unlisted" if (await request.form()).get("visibility") == "unlisted" else "public"
    )
    version, by = await seen_version(request), request.signed_in.name
    command = ShowEventTo(calendar_event_id, version, wanted, by)
    async with acting(request) as deed:
        await show_event_to(deed.transaction, command, deed.site, deed.now)
        await deed.note(request, "show_event_to", calendar_event_id)
    told = (
        "Die Veranstaltung sieht nur noch, wer ihre Adresse hat."
        if wanted == "unlisted"
        else "Die Veranstaltung steht in den Listen."
    )
    return see_other(request, f"{LIST}/{calendar_event_id}", told)

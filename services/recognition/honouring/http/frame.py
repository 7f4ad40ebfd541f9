"""Shows a page of one honouring event with its heading and the way to its other pages."""

from typing import Any, Final

from services.recognition.honouring import labels
from services.recognition.honouring.model import HonouringEvent
from shared.auth import Role
from shared.web.pages import Page, page
from shared.web.request import Request

TABS: Final = (
    ("", "Übersicht"),
    ("kontingente", "Kontingente"),
    ("vorschlaege", "Vorschläge"),
    ("auswahl", "Auswahl"),
    ("einladungen", "Einladungen"),
    ("gaeste", "Gäste"),
)
LIST: Final = "/konsole/konzerte"


def address(event: HonouringEvent, part: str = "") -> str:
    """Return the path of an event's page, or of a part of it."""
    path = f"{LIST}/{event.honouring_event_id}"
    return f"{path}/{part}" if part else path


def event_page(
    request: Request,
    template: str,
    event: HonouringEvent,
    *,
    tab: str = "",
    status: int = 200,
    **context: Any,
) -> Page:
    """Return a page that extends `konzert_rahmen.html`."""
    return page(
        request,
        template,
        status=status,
        event=event,
        base=address(event),
        tabs=[(label, address(event, part), part == tab) for part, label in TABS],
        may_plan=request.staff is not None and Role.FOUNDATION in request.staff.roles,
        labels=labels,
        **context,
    )

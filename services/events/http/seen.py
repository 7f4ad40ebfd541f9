"""Finds the event that an editor's page is about, and the version that the editor has seen."""

from uuid import UUID

from services.events.model import CalendarEvent, EventUnknown
from services.events.store import events
from shared.database import Connection
from shared.errors import Malformed
from shared.web.request import Request


async def seen_event(request: Request, calendar_event_id: UUID) -> CalendarEvent:
    """Return an event in any state.

    Raises:
        EventUnknown: there is none.
    """
    async with request.pool.acquire() as connection:
        return await known_event(connection, calendar_event_id)


async def known_event(connection: Connection, calendar_event_id: UUID) -> CalendarEvent:
    """Return an event in any state.

    Raises:
        EventUnknown: there is none.
    """
    event = await events.find_event(connection, calendar_event_id)
    if event is None:
        raise EventUnknown
    return event


async def seen_version(request: Request) -> int:
    """Return the version that the editor has seen, from the form's hidden field.

    Raises:
        Malformed: there is none.
    """
    sent = str((await request.form()).get("version", ""))
    if not sent.isascii() or not sent.isdigit() or len(sent) > 9:  # noqa: PLR2004 - digits of an integer
        raise Malformed("Bitte laden Sie die Seite neu.", "version")
    return int(sent)

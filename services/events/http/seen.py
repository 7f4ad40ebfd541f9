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


def template_id(request: Request) -> UUID | None:
    """Return the id of what a new entry is to be like, from `?vorlage=…`; None if it names none.

    Raises:
        Malformed: it is no id.
    """
    named = request.query_params.get("vorlage")
    try:
        return UUID(named) if named else None
    except ValueError as error:
        raise Malformed("Diese Vorlage gibt es nicht.", "vorlage") from error


async def seen_version(request: Request) -> int:
    """Return the version that the editor has seen, from the form's hidden field.

    Raises:
        Malformed: there is none.
    """
    sent = str((await request.form()).get("version", ""))
    if not sent.isascii() or not sent.isdigit() or len(sent) > 9:  # noqa: PLR2004 - digits of an integer
        raise Malformed("Bitte laden Sie die Seite neu.", "version")
    return int(sent)

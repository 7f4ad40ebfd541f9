"""Shows events as citizens will see them before anything is kept."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import msgspec

from services.events.category import require_terms
from services.events.content import EventContent, checked
from services.events.http.showing import next_dates, shown
from services.events.http.similar import similar_to
from services.events.known import with_known
from services.events.model import CalendarEvent, with_content
from services.events.moving import lost
from services.events.store import events
from services.events.wording import ORIGINS, STATES, clock, when
from shared.database import Connection
from shared.german import long_day
from shared.web.pages import Page, page
from shared.web.request import Request


async def preview(
    request: Request,
    raw: Mapping[str, Sequence[Any]],
    content: EventContent,
    action: str,
    before: CalendarEvent | None = None,
) -> Page:
    """Show an event as it will be; the form's raw fields travel on in hidden ones.

    Raises:
        Malformed: names the first field that makes no sense.
    """
    now = datetime.now(UTC)
    async with request.pool.acquire() as connection:
        event = await _event(connection, content, before, now)
        view = await shown(connection, event, next_dates(event, now))
        found = await similar_to(connection, event, before.calendar_event_id if before else None)
    was = _words(before, now) if before else []
    return page(
        request,
        "termin_vorschau.html",
        event=event,
        shown=view,
        before=before,
        was=was if was != _words(event, now) else [],
        lost=[_change(change.original, event) for change in lost(before, event)] if before else [],
        similar=found,
        origins=ORIGINS,
        states=STATES,
        action=action,
        hidden=[(name, value) for name in raw if name != "step" for value in raw[name]],
    )


async def _event(
    connection: Connection, content: EventContent, before: CalendarEvent | None, now: datetime
) -> CalendarEvent:
    require_terms(content, await events.terms(connection))
    content = checked(await with_known(connection, content))
    if before is not None:
        return with_content(before, content, now)
    return CalendarEvent(
        **msgspec.structs.asdict(content),
        calendar_event_id=UUID(int=0),
        uid="",
        state="published",
        created_at=now,
        changed_at=now,
    )


def _words(event: CalendarEvent, now: datetime) -> list[str]:
    return [when(each, all_day=event.all_day) for each in next_dates(event, now)]


def _change(original: datetime, event: CalendarEvent) -> str:
    hour = "" if event.all_day else f", {clock(original)} Uhr"
    return long_day(original) + hour

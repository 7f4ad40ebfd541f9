"""An editor writes a new event that nobody sees yet."""

from datetime import datetime

import msgspec

from services.events.category import require_terms
from services.events.content import EventContent, checked
from services.events.keeping import Deed, keep_events
from services.events.known import with_known
from services.events.model import CalendarEvent
from services.events.site import Site
from services.events.store import events
from shared.database import Connection


class DraftEvent(msgspec.Struct, frozen=True):
    """What the event will say."""

    content: EventContent
    by: str
    """The editor's name, as in every command of theirs."""


async def draft_event(
    transaction: Connection, command: DraftEvent, site: Site, now: datetime
) -> CalendarEvent:
    """Keep a new event as a draft and return it.

    Raises:
        Malformed: names the first field that makes no sense.
    """
    require_terms(command.content, await events.terms(transaction))
    content = await with_known(transaction, command.content)
    calendar_event_id = await events.new_id(transaction)
    event = CalendarEvent(
        **msgspec.structs.asdict(checked(content)),
        calendar_event_id=calendar_event_id,
        uid=site.uid(calendar_event_id),
        created_at=now,
        changed_at=now,
    )
    await keep_events(transaction, [event], site, now, Deed("draft_event", command.by))
    return event

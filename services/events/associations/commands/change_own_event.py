"""An association changes its event before it is decided on, or after it came back."""

from datetime import datetime
from uuid import UUID

import msgspec

from services.events.associations.model import (
    Association,
    NotYours,
    require_changeable,
    require_room,
)
from services.events.associations.store import submissions
from services.events.category import require_terms
from services.events.content import EventContent, checked
from services.events.keeping import Deed, keep_events
from services.events.known import with_known
from services.events.model import CalendarEvent, require_version, with_content
from services.events.site import Site
from services.events.store import events
from shared.database import Connection


class ChangeOwnEvent(msgspec.Struct, frozen=True):
    """Which event, as the association has seen it, and what it is to say."""

    association: Association
    calendar_event_id: UUID
    expected_version: int
    content: EventContent


async def change_own_event(
    transaction: Connection, command: ChangeOwnEvent, site: Site, now: datetime
) -> CalendarEvent:
    """Change an association's event and return it; one that is submitted stays submitted.

    Raises:
        NotYours: it has no such event.
        StaleVersion: an editor has changed or decided on it since.
        NotChangeable: it was decided on.
        TooManyToday: its link was used too often today.
        Malformed: names the first field that makes no sense.
    """
    association = command.association
    own = await submissions.lock_own(
        transaction, association.organiser_id, command.calendar_event_id
    )
    if own is None:
        raise NotYours
    require_changeable(own.event)
    require_version(own.event, command.expected_version)
    require_room(0, await submissions.count_saved_today(transaction, association.organiser_id))
    require_terms(command.content, await events.terms(transaction))
    theirs = msgspec.structs.replace(command.content, organiser_id=association.organiser_id)
    content = checked(await with_known(transaction, theirs))
    event = with_content(own.event, content, now)
    if event.version == own.event.version:
        return own.event
    deed = Deed("change_own_event", association.name)
    await keep_events(transaction, [event], site, now, deed)
    return event

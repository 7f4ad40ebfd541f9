"""An association writes a new event that only it and the editors see."""

from datetime import datetime

import msgspec

from services.events.associations.model import Association, require_room
from services.events.associations.store import submissions
from services.events.category import require_terms
from services.events.content import EventContent, checked
from services.events.keeping import Deed, keep_events
from services.events.known import with_known
from services.events.model import CalendarEvent
from services.events.site import Site
from services.events.store import events
from shared.database import Connection


class DraftOwnEvent(msgspec.Struct, frozen=True):
    """Whose event it is and what it says; its organiser is the association, whatever it says."""

    association: Association
    content: EventContent


async def draft_own_event(
    transaction: Connection, command: DraftOwnEvent, site: Site, now: datetime
) -> CalendarEvent:
    """Keep an association's new event as a draft and return it.

    Raises:
        TooManyOpen: too many of its events wait already.
        TooManyToday: its link was used too often today.
        Malformed: names the first field that makes no sense.
    """
    own = command.association
    waiting = await submissions.count_open(transaction, own.organiser_id)
    require_room(waiting, await submissions.count_saved_today(transaction, own.organiser_id))
    require_terms(command.content, await events.terms(transaction))
    theirs = msgspec.structs.replace(command.content, organiser_id=own.organiser_id)
    content = checked(await with_known(transaction, theirs))
    calendar_event_id = await events.new_id(transaction)
    event = CalendarEvent(
        **msgspec.structs.asdict(content),
        calendar_event_id=calendar_event_id,
        uid=site.uid(calendar_event_id),
        submitted_by=own.name,
        created_at=now,
        changed_at=now,
    )
    await keep_events(transaction, [event], site, now, Deed("draft_own_event", own.name))
    await submissions.add_submission(transaction, calendar_event_id, own.organiser_id)
    return event

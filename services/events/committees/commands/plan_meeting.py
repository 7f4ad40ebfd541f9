"""An editor enters a committee's meeting, or a series of them, for its members only."""

from datetime import datetime
from uuid import UUID

import msgspec

from services.events.committees.model import CommitteeUnknown
from services.events.committees.store import committees, meetings
from services.events.content import EventContent, checked
from services.events.keeping import Deed, keep_events
from services.events.known import with_known
from services.events.model import CalendarEvent
from services.events.site import Site
from services.events.store import events
from shared.database import Connection


class PlanMeeting(msgspec.Struct, frozen=True):
    """Whose meeting, and what it says."""

    committee_id: UUID
    content: EventContent
    by: str


async def plan_meeting(
    transaction: Connection, command: PlanMeeting, site: Site, now: datetime
) -> CalendarEvent:
    """Keep a meeting, which stands in the members' feeds at once, and return it.

    Other services are told nothing: it is nobody's business.

    Raises:
        CommitteeUnknown: there is no such committee.
        Malformed: names the first field that makes no sense.
    """
    committee = await committees.find_committee(transaction, command.committee_id)
    if committee is None:
        raise CommitteeUnknown
    content = checked(await with_known(transaction, command.content))
    calendar_event_id = await events.new_id(transaction)
    event = CalendarEvent(
        **msgspec.structs.asdict(content),
        calendar_event_id=calendar_event_id,
        uid=site.uid(calendar_event_id),
        state="published",
        visibility="committee",
        created_at=now,
        changed_at=now,
    )
    await keep_events(transaction, [event], site, now, Deed("plan_meeting", command.by))
    await meetings.add_event(transaction, calendar_event_id, committee.committee_id)
    return event

"""A partner of events's tests, and how its messages are taken."""

from datetime import datetime
from typing import Any
from uuid import uuid4

from services.events.commands.register_partner import RegisterPartner, register_partner
from services.events.commands.take_partner_items import TakePartnerItems, take_partner_items
from services.events.ingest.batch import Arrival, Receipt
from services.events.ingest.item import Incoming
from services.events.ingest.model import Partner
from services.events.ingest.reading import read
from services.events.model import CalendarEvent
from services.events.store.events import find_event
from shared.database import Connection
from tests.events.builders import incoming, plain
from tests.events.calendars import SITE, in_days


async def registered(opened: Connection, title: str = "Stadttheater") -> Partner:
    """Register a partner of a name that no other test has."""
    name = f"theater-{uuid4().hex[:8]}"
    return await register_partner(opened, RegisterPartner(name, title, "A" + uuid4().hex.upper()))


def arrived(message: Incoming) -> Arrival:
    """Return a message with what is read in it."""
    return Arrival(
        stream_sequence=1,
        message_id="m-1",
        content_type="application/json",
        body=message.body,
        outcomes=read(message),
    )


async def take(
    opened: Connection, partner: Partner, items: list[dict[str, Any]], now: datetime
) -> list[Receipt]:
    """Take items of a partner in one message."""
    command = TakePartnerItems(partner, [arrived(incoming(items))])
    return await take_partner_items(opened, command, SITE, now)


def coming(number: int, **changes: Any) -> dict[str, Any]:
    """Return an item that takes place in some days."""
    starts = f"{in_days(5 + number):%Y-%m-%dT19:30}"
    return plain(**{"id": f"n-{number}", "title": f"Abend {number}", "starts": starts} | changes)


async def event_of(opened: Connection, receipt: Receipt) -> CalendarEvent:
    """Return the event that came of an item."""
    assert receipt.calendar_event_id is not None
    event = await find_event(opened, receipt.calendar_event_id)
    assert event is not None
    return event

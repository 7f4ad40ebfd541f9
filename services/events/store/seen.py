"""Locks an event for a change that somebody has decided on while looking at it."""

from typing import Protocol
from uuid import UUID

from services.events.model import CalendarEvent, EventUnknown, require_version
from services.events.store.events import lock_event
from shared.database import Connection


class Seen(Protocol):
    """A command about an event, as whoever gives it has seen the event."""

    @property
    def calendar_event_id(self) -> UUID:
        """Which event."""

    @property
    def expected_version(self) -> int:
        """Its version on the page."""


async def lock_seen(transaction: Connection, command: Seen) -> CalendarEvent:
    """Return the event and keep others from changing it until the transaction ends.

    Raises:
        EventUnknown: there is no such event.
        StaleVersion: it has changed since it was looked at.
    """
    event = await lock_event(transaction, command.calendar_event_id)
    if event is None:
        raise EventUnknown
    require_version(event, command.expected_version)
    return event

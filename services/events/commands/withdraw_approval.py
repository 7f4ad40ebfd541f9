"""An editor takes an approval back before its hour has come."""

from datetime import datetime
from uuid import UUID

import msgspec

from services.events.keeping import Deed, keep_events
from services.events.model import CalendarEvent, revised
from services.events.site import Site
from services.events.store.seen import lock_seen
from shared.database import Connection
from shared.errors import Refused


class NotScheduled(Refused):
    """Nobody has approved it, or everybody sees it already."""

    def __init__(self) -> None:
        super().__init__("Diese Veranstaltung ist nicht vorgemerkt.")


class WithdrawApproval(msgspec.Struct, frozen=True):
    """Which event, as its editor has seen it."""

    calendar_event_id: UUID
    expected_version: int
    by: str


async def withdraw_approval(
    transaction: Connection, command: WithdrawApproval, site: Site, now: datetime
) -> CalendarEvent:
    """Put a scheduled event back among those that wait for a review, and return it.

    Raises:
        EventUnknown: there is no such event.
        StaleVersion: it has changed since its editor has read it.
        NotScheduled: it is not scheduled.
    """
    before = await lock_seen(transaction, command)
    if before.state != "scheduled":
        raise NotScheduled
    event = revised(
        before,
        now,
        state="submitted",
        public_from=None,
        submitted_at=before.submitted_at or now,
    )
    await keep_events(transaction, [event], site, now, Deed("withdraw_approval", command.by))
    return event

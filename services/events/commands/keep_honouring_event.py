"""A honouring event was planned, changed, moved or cancelled: the calendar follows."""

from datetime import datetime
from uuid import UUID

import msgspec

from services.events.content import EventContent
from services.events.keeping import Deed, keep_events
from services.events.model import CalendarEvent, fact_of, with_content, with_state
from services.events.site import Site
from services.events.store import events
from services.events.store.locking import lock_event_of
from shared import outbox
from shared.database import Connection


class KeepHonouringEvent(msgspec.Struct, frozen=True, kw_only=True):
    """What recognition says about a honouring event."""

    honouring_event_id: UUID
    version: int
    """Of the honouring event; what is not newer than what was kept is left out."""
    content: EventContent | None
    """None: it was cancelled."""


async def keep_honouring_event(
    transaction: Connection, command: KeepHonouringEvent, site: Site, now: datetime
) -> None:
    """Keep a honouring event as a published event, or cancel it. An older version does nothing."""
    before = await lock_event_of(transaction, "honouring", command.honouring_event_id)
    if before is not None and before.origin_version >= command.version:
        return
    if before is None and command.content is None:
        return
    event = await _after(transaction, before, command, site, now)
    await keep_events(transaction, [event], site, now, Deed("keep_honouring_event", "Stiftung"))
    if (fact := fact_of(before, event)) is not None:
        await outbox.record(transaction, fact)


async def _after(
    transaction: Connection,
    before: CalendarEvent | None,
    command: KeepHonouringEvent,
    site: Site,
    now: datetime,
) -> CalendarEvent:
    if before is None:
        if command.content is None:
            raise TypeError("a new event has content")
        calendar_event_id = await events.new_id(transaction)
        return CalendarEvent(
            **msgspec.structs.asdict(command.content),
            calendar_event_id=calendar_event_id,
            uid=site.uid(calendar_event_id),
            state="published",
            origin="honouring",
            origin_id=command.honouring_event_id,
            origin_version=command.version,
            created_at=now,
            changed_at=now,
        )
    if command.content is None:
        after = with_state(before, "cancelled", now)
    else:
        after = with_content(with_state(before, "published", now), command.content, now)
    return msgspec.structs.replace(after, origin_version=command.version)

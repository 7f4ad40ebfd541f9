"""An editor decides on cancellations that the brake has stopped: they count, or they do not."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

import msgspec

from services.events.deciding import tell_decision
from services.events.ingest.model import PartnerItem
from services.events.keeping import Deed, keep_events
from services.events.model import CalendarEvent, with_state
from services.events.site import Site
from services.events.store import items, leaving
from services.events.store.locking import lock_events_of_items
from shared import outbox
from shared.contracts.events import EventCancelled, EventWithdrawn
from shared.database import Connection
from shared.errors import Refused


class NothingHeld(Refused):
    """Somebody else has decided, or the partner has changed its mind."""

    def __init__(self) -> None:
        super().__init__("Hier wartet nichts mehr auf eine Entscheidung.")


class DecideHeldItems(msgspec.Struct, frozen=True):
    """Which items of which partner, and what an editor thinks of calling their events off."""

    partner_id: UUID
    partner_keys: Sequence[str]
    verdict: Literal["release", "reject"]
    by: str
    """The editor's name."""


async def decide_held_items(
    transaction: Connection, command: DecideHeldItems, site: Site, now: datetime
) -> int:
    """Release or reject what waits and return how much it was.

    What is rejected takes place from now on whatever its partner says, until an editor gives the
    state back to the source.

    Raises:
        NothingHeld: none of the items waits.
    """
    partner_id, keys = command.partner_id, command.partner_keys
    # The event before the item, as everybody does.
    locked = await lock_events_of_items(transaction, partner_id, keys)
    known = {event.calendar_event_id: event for event in locked}
    held = [
        (item, known[item.calendar_event_id])
        for item in await items.lock_items(transaction, partner_id, keys)
        if item.held is not None and item.calendar_event_id in known
    ]
    if not held:
        raise NothingHeld
    if command.verdict == "release":
        deed = Deed("decide_held_items", command.by)
        await _release(transaction, held, site, now, deed)
    else:
        for item, event in held:
            insisting = {**item.override, "state": event.state}
            await items.save_override(transaction, item.partner_item_id, insisting)
        kept = [_decided(item) for item, _ in held]
        await items.save_items(transaction, kept, now)
        await tell_decision(transaction, kept, "unchanged", "kept_by_editors")
    return len(held)


async def _release(
    transaction: Connection,
    held: Sequence[tuple[PartnerItem, CalendarEvent]],
    site: Site,
    now: datetime,
    deed: Deed,
) -> None:
    cancelled = [
        with_state(event, "cancelled", now) for item, event in held if item.held == "cancelled"
    ]
    gone = [event.calendar_event_id for item, event in held if item.held == "withdrawn"]
    await keep_events(transaction, cancelled, site, now, deed)
    withdrawn = await leaving.withdraw(transaction, gone)
    kept = [
        _decided(item, status=item.held, calendar_event_id=None)
        if item.held == "withdrawn"
        else _decided(item, status=item.held)
        for item, _ in held
    ]
    await items.save_items(transaction, kept, now)
    await tell_decision(transaction, kept, "accepted")
    facts = [
        *(
            EventCancelled(calendar_event_id=event.calendar_event_id, version=event.version)
            for event in cancelled
        ),
        *(
            EventWithdrawn(calendar_event_id=each.calendar_event_id, version=each.version + 1)
            for each in withdrawn
        ),
    ]
    await outbox.record(transaction, *facts)


def _decided(item: PartnerItem, **changes: Any) -> PartnerItem:
    return msgspec.structs.replace(item, version=item.version + 1, held=None, **changes)

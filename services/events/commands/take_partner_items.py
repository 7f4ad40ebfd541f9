"""A partner's messages have arrived: its items become events, or wait with a reason."""

from collections.abc import Sequence
from datetime import datetime

import msgspec

from services.events.ingest.batch import Arrival, Batch, Receipt, with_suspicion
from services.events.ingest.deciding import Known
from services.events.ingest.item import Item, calls_off
from services.events.ingest.model import Partner, PartnerItem, source_of
from services.events.ingest.trust import CANCELLED_WITHIN, Brake
from services.events.keeping import Deed, keep_events
from services.events.known import share_naming
from services.events.model import CalendarEvent
from services.events.naming import Naming
from services.events.site import Site
from services.events.store import duplicates, events, items, leaving, partners, trust
from services.events.store.locking import lock_events_of_items
from services.events.store.planning import plan_by_indexes
from shared import outbox
from shared.database import Connection


class TakePartnerItems(msgspec.Struct, frozen=True):
    """Messages in the order of their stream; whose they are is known from the stream alone."""

    partner: Partner
    arrivals: Sequence[Arrival]


async def take_partner_items(
    transaction: Connection, command: TakePartnerItems, site: Site, now: datetime
) -> list[Receipt]:
    """Take the items of some messages and return the receipts for them, one for each, in order.

    The same message twice changes nothing; an older state of an item is refused; what editors
    have changed stays as they want it. Absence of an item deletes nothing.
    """
    partner_id = command.partner.partner_id
    await plan_by_indexes(transaction)
    # The partner before its events, as who removes it does; what was on its way then goes with it.
    brake = await _lock_brake(transaction, command, now)
    if brake is None:
        return []
    keys = sorted({key for arrival in command.arrivals for key in arrival.item_keys()})
    # The event before the item, as editors' commands do: so that nobody waits in a ring.
    known_events = await lock_events_of_items(transaction, partner_id, keys)
    known_items = await items.lock_items(transaction, partner_id, keys)
    terms = await events.terms(transaction)
    rules = await trust.trust_rules(transaction, partner_id)
    naming = await _naming(transaction, command.arrivals, known_items, known_events)
    known = Known(known_items, known_events, terms, naming, rules, brake)
    arriving = sum(len(arrival.outcomes) for arrival in command.arrivals)
    # An arrival needs an id for its message, an item at most three: item, event, receipt.
    fresh_ids = await events.new_ids(transaction, len(command.arrivals) + 3 * arriving)
    batch = Batch(command.partner, known, iter(fresh_ids), site, now)
    for arrival in command.arrivals:
        batch.take(arrival)
    deed = Deed("take_partner_items", command.partner.title)
    await keep_events(transaction, list(batch.changed.values()), site, now, deed)
    await leaving.withdraw(transaction, batch.gone)
    await items.save_messages(transaction, batch.messages)
    await items.save_items(transaction, list(batch.items.values()), now)
    suspected = await duplicates.suspect(transaction, partner_id, list(batch.changed))
    receipts = [with_suspicion(receipt, suspected) for receipt in batch.receipts]
    await items.save_receipts(transaction, partner_id, receipts)
    await outbox.record(transaction, *batch.facts)
    return receipts


async def _lock_brake(
    transaction: Connection, command: TakePartnerItems, now: datetime
) -> Brake | None:
    """Keep the partner from going, and return what it may call off; None if it has gone."""
    partner_id = command.partner.partner_id
    if any(calls_off(outcome) for arrival in command.arrivals for outcome in arrival.outcomes):
        # Two workers must not both find that one more cancellation is still allowed. The stronger
        # lock at once: two that hold the weaker one would wait for each other.
        found = await partners.lock_partner(transaction, command.partner.name)
        if found is None or found.partner_id != partner_id:
            return None
        return await trust.brake(transaction, partner_id, now - CANCELLED_WITHIN, now)
    is_there = await partners.hold_partner(transaction, partner_id)
    return Brake(coming=0, cancelled=0) if is_there else None


async def _naming(
    transaction: Connection,
    arrivals: Sequence[Arrival],
    known_items: Sequence[PartnerItem],
    known_events: Sequence[CalendarEvent],
) -> Naming:
    """Return the places and organisers that the items may mean, in words or by editors' choice.

    What was said before counts too: a changed date alone brings no words.
    """
    arriving = [
        outcome.content
        for arrival in arrivals
        for outcome in arrival.outcomes
        if isinstance(outcome, Item)
    ]
    before = [source for item in known_items if (source := source_of(item)) is not None]
    return await share_naming(
        transaction,
        [*arriving, *before],
        {event.place_id for event in known_events if event.place_id is not None},
        {event.organiser_id for event in known_events if event.organiser_id is not None},
    )

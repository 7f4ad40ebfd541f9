"""Decides on the messages of one batch in memory, one item after the other."""

from collections.abc import Collection, Iterator
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec

from services.events.ingest.changed_dates import completed
from services.events.ingest.deciding import (
    Decision,
    Known,
    refused,
    require_newer,
    taken,
    taken_beside,
    withdrawn,
)
from services.events.ingest.item import Item, Read, SeriesChange, Withdrawal
from services.events.ingest.model import Outcome, Partner, PartnerItem
from services.events.ingest.reasons import ItemRefused, Refusal, refusal
from services.events.model import CalendarEvent, fact_of
from services.events.site import Site
from shared.contracts.events import (
    EventWithdrawn,
    PartnerItemAccepted,
    PartnerItemQuarantined,
)
from shared.contracts.fact import Fact


class Arrival(msgspec.Struct, frozen=True, kw_only=True):
    """A message of the partner's with what was read in it."""

    stream_sequence: int
    message_id: str
    content_type: str
    body: bytes
    outcomes: list[Read]
    partner_message_id: UUID | None = None
    """Of a kept message that is read once more."""
    only_keys: list[str] | None = None
    """Keys of the items to take from it; None takes all."""
    is_quiet: bool = False
    """Whether only what changes something is told."""

    def item_keys(self) -> list[str]:
        """Return the key of each outcome; what has none of its own is named after the message."""
        name = f"message:{self.message_id or self.stream_sequence}"
        return [
            outcome.key or (f"{name}#{number}" if number else name)
            for number, outcome in enumerate(self.outcomes)
        ]


class Message(msgspec.Struct, frozen=True, kw_only=True):
    """A partner's message as it is kept."""

    partner_message_id: UUID
    partner_id: UUID
    stream_sequence: int
    message_id: str
    content_type: str
    body: bytes


class Receipt(msgspec.Struct, frozen=True, kw_only=True):
    """What a partner is told about one item."""

    receipt_id: UUID
    account_key: str
    partner_item_id: UUID
    partner_key: str
    message_id: str
    outcome: Outcome
    reason: str
    field: str
    calendar_event_id: UUID | None


def with_suspicion(receipt: Receipt, suspected: Collection[UUID]) -> Receipt:
    """Return a receipt that says so if its event may be the same as another source's."""
    if receipt.reason or receipt.calendar_event_id not in suspected:
        return receipt
    return msgspec.structs.replace(receipt, reason="duplicate_suspected")


class Batch:
    """What one batch of a partner's messages does."""

    def __init__(
        self, partner: Partner, known: Known, fresh_ids: Iterator[UUID], site: Site, now: datetime
    ) -> None:
        self.items = {item.partner_key: item for item in known.items}
        self.changed: dict[UUID, CalendarEvent] = {}
        self.gone: list[UUID] = []
        """Events that are to go without a trace."""
        self.messages: list[Message] = []
        self.receipts: list[Receipt] = []
        self.facts: list[Fact] = []
        self._partner, self._site, self._now = partner, site, now
        self._known = known
        self._events = {event.calendar_event_id: event for event in known.events}
        self._fresh_ids = fresh_ids

    def take(self, arrival: Arrival) -> None:
        """Decide on every item of a message, in its order."""
        message = Message(
            partner_message_id=arrival.partner_message_id or next(self._fresh_ids),
            partner_id=self._partner.partner_id,
            stream_sequence=arrival.stream_sequence,
            message_id=arrival.message_id,
            content_type=arrival.content_type,
            body=arrival.body,
        )
        keys = arrival.item_keys()
        receipts = [
            self._take_one(key, outcome, message)
            for key, outcome in zip(keys, arrival.outcomes, strict=True)
            if arrival.only_keys is None or key in arrival.only_keys
        ]
        named = {item.partner_message_id for key in keys if (item := self.items.get(key))}
        if arrival.partner_message_id is None and (
            not arrival.is_quiet or message.partner_message_id in named
        ):
            self.messages.append(message)
        self.receipts += [
            each for each in receipts if not arrival.is_quiet or each.outcome != "unchanged"
        ]

    def _take_one(self, key: str, outcome: Read, message: Message) -> Receipt:
        known = self.items.get(key) or PartnerItem(
            partner_item_id=next(self._fresh_ids),
            partner_id=self._partner.partner_id,
            partner_key=key,
        )
        before = self._event_of(known)
        decision = self._decide(known, before, outcome)
        item = decision.item
        if item is not known:
            item = msgspec.structs.replace(item, partner_message_id=message.partner_message_id)
        if item.version:
            self.items[key] = item
        self._note_facts(known, before, decision)
        self._note_event(before, decision)
        return self._receipt(decision, message)

    def _note_event(self, before: CalendarEvent | None, decision: Decision) -> None:
        """Keep a changed event for writing, and one that has gone for deleting."""
        event = decision.event
        if event is not None and event != before:
            self._events[event.calendar_event_id] = event
            self.changed[event.calendar_event_id] = event
        elif event is None and before is not None:
            del self._events[before.calendar_event_id]
            self.changed.pop(before.calendar_event_id, None)
            self.gone.append(before.calendar_event_id)

    def _event_of(self, item: PartnerItem) -> CalendarEvent | None:
        found = item.calendar_event_id
        return None if found is None else self._events.get(found)

    def _decide(self, known: PartnerItem, event: CalendarEvent | None, outcome: Read) -> Decision:
        if isinstance(outcome, Refusal):
            return refused(known, event, outcome)
        try:
            require_newer(known, outcome)
            if isinstance(outcome, Withdrawal):
                return withdrawn(known, event, outcome, self._known.around(self._now))
            if isinstance(outcome, SeriesChange):
                outcome = completed(known, outcome)
        except ItemRefused as error:
            return refused(known, event, refusal(outcome.key, error))
        item = self._known.coded(outcome)
        if event is None and known.calendar_event_id is not None:
            return taken_beside(known, item)
        if event is None:
            event = self._new_event(known, item)
            self._known.brake.coming += event.is_public and event.ends_at >= self._now
        return taken(known, event, item, self._known.around(self._now))

    def _new_event(self, known: PartnerItem, item: Item) -> CalendarEvent:
        """Return the event of a new item in its first version."""
        calendar_event_id = next(self._fresh_ids)
        content = self._known.naming.named(item.content, {})
        has_to_wait = self._known.rules.of(content.categories) == "review"
        return CalendarEvent(
            **msgspec.structs.asdict(content),
            calendar_event_id=calendar_event_id,
            uid=self._site.uid(calendar_event_id),
            state="submitted" if has_to_wait else item.status,
            origin="partner",
            origin_id=known.partner_item_id,
            submitted_by=self._partner.title,
            submitted_at=self._now,
            created_at=self._now,
            changed_at=self._now,
        )

    def _note_facts(
        self, known: PartnerItem, before: CalendarEvent | None, decision: Decision
    ) -> None:
        item, event = decision.item, decision.event
        if event is not None and (fact := fact_of(before, event)) is not None:
            self.facts.append(fact)
        if event is None and before is not None and before.is_public:
            gone, version = before.calendar_event_id, before.version + 1
            self.facts.append(EventWithdrawn(calendar_event_id=gone, version=version))
        if item.version == known.version:
            return
        told: dict[str, Any] = {
            "partner_item_id": item.partner_item_id,
            "partner_id": item.partner_id,
            "version": item.version,
        }
        if decision.outcome == "quarantined":
            self.facts.append(PartnerItemQuarantined(**told, reason=decision.reason))
        elif event is not None:
            event_id = event.calendar_event_id
            self.facts.append(PartnerItemAccepted(**told, calendar_event_id=event_id))

    def _receipt(self, decision: Decision, message: Message) -> Receipt:
        return Receipt(
            receipt_id=next(self._fresh_ids),
            account_key=self._partner.account_key,
            partner_item_id=decision.item.partner_item_id,
            partner_key=decision.item.partner_key,
            message_id=message.message_id,
            outcome=decision.outcome,
            reason=decision.reason,
            field=decision.field,
            calendar_event_id=decision.item.calendar_event_id,
        )

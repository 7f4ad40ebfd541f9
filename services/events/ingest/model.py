"""Decides what becomes of a partner's item: taken, unchanged, held for an editor, or refused."""

from datetime import UTC, datetime
from typing import Any, Literal
from uuid import UUID

import msgspec

from services.events.content import EventContent, layered
from services.events.ingest.item import Item, Status
from services.events.ingest.reasons import ItemRefused, Refusal
from services.events.model import CalendarEvent, State, with_content, with_state

Outcome = Literal["accepted", "unchanged", "held", "quarantined"]
Trust = Literal["publish", "review"]


class Partner(msgspec.Struct, frozen=True):
    """A system that publishes events into the calendar (Partnersystem)."""

    partner_id: UUID
    name: str
    title: str
    account_key: str
    """Public key of its NATS account."""
    trust: Trust


class PartnerItem(msgspec.Struct, frozen=True, kw_only=True):
    """What a partner says about one event, apart from what editors have changed about it."""

    partner_item_id: UUID
    partner_id: UUID
    partner_key: str
    """The partner's own id of the event."""
    version: int = 0
    state: Literal["accepted", "quarantined"] = "quarantined"
    """What became of the last arrival."""
    source: dict[str, Any] | None = None
    """The last content that was taken, None as long as none was."""
    status: Status = "published"
    revision: int | None = None
    modified_at: datetime | None = None
    override: dict[str, Any] = {}
    """Fields that editors have changed, and perhaps `state`; a new source leaves them alone."""
    calendar_event_id: UUID | None = None
    reason: str = ""
    field: str = ""
    partner_message_id: UUID | None = None


class Decision(msgspec.Struct, frozen=True, kw_only=True):
    """What an arrival does."""

    outcome: Outcome
    item: PartnerItem
    event: CalendarEvent | None
    """The event as it now stands, None where none came of the item."""
    reason: str = ""
    field: str = ""


def source_of(item: PartnerItem) -> EventContent | None:
    """Return what the partner said last that was taken."""
    return None if item.source is None else msgspec.convert(item.source, EventContent)


def require_newer(known: PartnerItem, item: Item) -> None:
    """Stop an item that its partner has since replaced: count of changes, then time of change.

    Where both are equal or missing the arrival decides: later is newer.

    Raises:
        ItemRefused: older than what was taken.
    """
    if known.source is None:
        return
    if known.revision is not None and item.revision is not None and known.revision != item.revision:
        if item.revision < known.revision:
            raise ItemRefused("older_version", "version")
        return
    long_ago = datetime.min.replace(tzinfo=UTC)
    if (item.modified_at or known.modified_at or long_ago) < (known.modified_at or long_ago):
        raise ItemRefused("older_version", "modified")


def refused(known: PartnerItem, event: CalendarEvent | None, refusal: Refusal) -> Decision:
    """Return the decision on an item that is not taken; what was taken before stays.

    An old state that comes again is told to its partner and changes nothing here.
    """
    item = known
    if refusal.reason != "older_version":
        item = msgspec.structs.replace(
            known, state="quarantined", reason=refusal.reason, field=refusal.field
        )
    return Decision(
        outcome="quarantined",
        item=_counted(known, item),
        event=event,
        reason=refusal.reason,
        field=refusal.field,
    )


def taken(
    known: PartnerItem, event: CalendarEvent, item: Item, categories: list[str], now: datetime
) -> Decision:
    """Return the decision on an item that is no older than what was taken before.

    Args:
        known: the item as it was; version 0 if it is new.
        event: the event as it was; version 0 if it is new.
        item: what has arrived.
        categories: the codes that the item's words mean.
        now: the time of the change.
    """
    source = msgspec.structs.replace(item.content, categories=categories)
    after = with_content(event, layered(source, known.override), now)
    if event.is_public:
        after = with_state(after, _state(known, item.status), now)
    kept = msgspec.structs.replace(
        known,
        state="accepted",
        source=msgspec.to_builtins(source),
        status=item.status,
        revision=item.revision,
        modified_at=item.modified_at,
        calendar_event_id=event.calendar_event_id,
        reason="",
        field="",
    )
    is_same = kept.source == known.source and kept.status == known.status
    outcome: Outcome = "accepted" if after.is_public else "held"
    return Decision(
        outcome="unchanged" if is_same else outcome, item=_counted(known, kept), event=after
    )


def _state(known: PartnerItem, status: Status) -> State:
    overridden: State | None = known.override.get("state")
    return overridden or status


def _counted(before: PartnerItem, after: PartnerItem) -> PartnerItem:
    return before if after == before else msgspec.structs.replace(after, version=before.version + 1)

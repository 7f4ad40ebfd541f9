"""What a partner is, and what is kept of its items."""

from datetime import datetime
from typing import Any, Literal
from uuid import UUID

import msgspec

from services.events.content import EventContent
from services.events.ingest.item import Status
from services.events.ingest.trust import Trust

Outcome = Literal["accepted", "unchanged", "held", "quarantined"]


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
    status: Status | Literal["withdrawn"] = "published"
    """What the partner says of the event; withdrawn is one that it has taken back altogether."""
    revision: int | None = None
    modified_at: datetime | None = None
    held: Literal["cancelled", "withdrawn"] | None = None
    """What its partner wants and an editor has to release."""
    cancelled_at: datetime | None = None
    """When its partner called it off and nobody had to be asked."""
    to_review_since: datetime | None = None
    """Since when it stands in the calendar without that an editor has looked at it."""
    override: dict[str, Any] = {}
    """Fields that editors have changed, and perhaps `state`; a new source leaves them alone."""
    calendar_event_id: UUID | None = None
    reason: str = ""
    field: str = ""
    partner_message_id: UUID | None = None


def source_of(item: PartnerItem) -> EventContent | None:
    """Return what the partner said last that was taken."""
    return None if item.source is None else msgspec.convert(item.source, EventContent)

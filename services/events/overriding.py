"""Keeps what editors change about a partner's event above what the partner says."""

from typing import Any, Final

from services.events.content import EventTimes, override_of
from services.events.ingest.model import source_of
from services.events.known import naming_of
from services.events.model import CalendarEvent, content_of
from services.events.naming import ORGANISER, PLACE
from services.events.store import items
from shared.database import Connection

TOGETHER: Final = (EventTimes.__struct_fields__, PLACE, ORGANISER)
"""Fields that make no sense one without the other."""


def reset_with(field: str) -> tuple[str, ...]:
    """Return the fields that go back to their source with this one, itself among them."""
    return next((group for group in TOGETHER if field in group), (field,))


async def keep_override(transaction: Connection, event: CalendarEvent) -> None:
    """Note in which fields an editor's event differs from its source, for the next import.

    Does nothing for events that no partner publishes.
    """
    if event.origin != "partner" or event.origin_id is None:
        return
    item = await items.lock_item(transaction, event.origin_id)
    source = source_of(item) if item else None
    if item is None or source is None:
        return
    said = (await naming_of(transaction, [source])).named(source, {})
    override: dict[str, Any] = override_of(said, content_of(event))
    if event.is_public and event.state != item.status:
        override["state"] = event.state
    await items.save_override(transaction, item.partner_item_id, override)

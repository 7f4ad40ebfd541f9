"""An editor gives a field back to the partner: from now on its source decides again."""

from datetime import datetime
from uuid import UUID

import msgspec

from services.events.content import checked
from services.events.ingest.model import source_of
from services.events.keeping import Deed, keep_events
from services.events.known import share_naming
from services.events.model import (
    CalendarEvent,
    fact_of,
    with_content,
    with_state,
)
from services.events.moving import fitting
from services.events.overriding import reset_with
from services.events.site import Site
from services.events.store import items
from services.events.store.seen import lock_seen
from shared import outbox
from shared.database import Connection
from shared.errors import Refused


class NotOverridden(Refused):
    """The field says what its source says."""

    def __init__(self) -> None:
        super().__init__("Diese Angabe ist die der Quelle; es gibt nichts zurückzusetzen.")


class ResetField(msgspec.Struct, frozen=True):
    """Which field of which event, as its editor has seen it."""

    calendar_event_id: UUID
    expected_version: int
    field: str
    """Name of a field of EventContent, or `state`; what belongs together goes together."""
    by: str


async def reset_field(
    transaction: Connection, command: ResetField, site: Site, now: datetime
) -> CalendarEvent:
    """Take an editor's change back and return the event as its source then has it.

    Raises:
        EventUnknown: there is no such event.
        StaleVersion: it has changed since its editor has read it.
        NotOverridden: no editor has changed the field, or no partner publishes the event.
        Malformed: the source's value does not fit what other changes have made of the event.
    """
    before = await lock_seen(transaction, command)
    item = None
    if before.origin == "partner" and before.origin_id is not None:
        item = await items.lock_item(transaction, before.origin_id)
    source = source_of(item) if item else None
    if item is None or source is None or command.field not in item.override:
        raise NotOverridden
    together = reset_with(command.field)
    override = {name: value for name, value in item.override.items() if name not in together}
    naming = await share_naming(
        transaction,
        [source],
        [place_id for place_id in (before.place_id,) if place_id],
        [organiser_id for organiser_id in (before.organiser_id,) if organiser_id],
    )
    content = checked(fitting(naming.named(source, override, before)))
    event = with_content(before, content, now)
    if command.field == "state" and event.is_public and item.status != "withdrawn":
        event = with_state(event, item.status, now)
    await items.save_override(transaction, item.partner_item_id, override)
    await keep_events(transaction, [event], site, now, Deed("reset_field", command.by))
    fact = fact_of(before, event)
    await outbox.record(transaction, *([fact] if fact else []))
    return event

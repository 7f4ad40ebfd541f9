"""The hour of scheduled events has come: they are published."""

from datetime import datetime
from typing import Final

from services.events.deciding import tell_publication
from services.events.keeping import Deed, keep_events
from services.events.model import with_state
from services.events.site import Site
from services.events.store.locking import lock_due
from shared import outbox
from shared.contracts.events import EventPublished
from shared.database import Connection

RELEASED: Final = Deed("release_due_events", "Sperrfrist abgelaufen")


async def release_due_events(transaction: Connection, most: int, site: Site, now: datetime) -> int:
    """Publish up to `most` scheduled events whose hour has come by PostgreSQL's clock.

    Returns:
        How many were published.
    """
    released = [with_state(event, "published", now) for event in await lock_due(transaction, most)]
    await keep_events(transaction, released, site, now, RELEASED)
    for event in released:
        await tell_publication(transaction, event)
    published = [
        EventPublished(calendar_event_id=event.calendar_event_id, version=event.version)
        for event in released
    ]
    await outbox.record(transaction, *published)
    return len(released)

"""An editor does not call an event off that its association wanted called off."""

from uuid import UUID

import msgspec

from services.events.associations.store import submissions
from shared.database import Connection


class DeclineCancellation(msgspec.Struct, frozen=True):
    """Which event."""

    calendar_event_id: UUID


async def decline_cancellation(transaction: Connection, command: DeclineCancellation) -> None:
    """Take the association's wish off the list; the event stays as it is. Twice does nothing."""
    await submissions.save_cancellation(transaction, command.calendar_event_id, "", None)

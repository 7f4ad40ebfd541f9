"""An association asks the editors to call its published event off."""

from datetime import datetime
from uuid import UUID

import msgspec

from services.events.associations.model import Association, NothingToCancel, NotYours
from services.events.associations.store import submissions
from services.events.keeping import last_at
from shared.database import Connection


class AskForCancellation(msgspec.Struct, frozen=True):
    """Which event, and why."""

    association: Association
    calendar_event_id: UUID
    reason: str
    """Not empty."""


async def ask_for_cancellation(
    transaction: Connection, command: AskForCancellation, now: datetime
) -> None:
    """Note that an event is to be called off; an editor does it. Asking again changes the reason.

    Raises:
        NotYours: the association has no such event.
        NothingToCancel: it does not stand in the calendar, is cancelled, or is over.
    """
    own = await submissions.lock_own(
        transaction, command.association.organiser_id, command.calendar_event_id
    )
    if own is None:
        raise NotYours
    if own.event.state not in {"published", "postponed"} or last_at(own.event) < now:
        raise NothingToCancel
    asked_at = own.cancellation_asked_at or now
    await submissions.save_cancellation(
        transaction, command.calendar_event_id, command.reason, asked_at
    )

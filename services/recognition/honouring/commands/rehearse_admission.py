"""Go back to rehearsing at the doors after they were opened by hand (Probe)."""

from uuid import UUID

import msgspec

from services.recognition.honouring.planning import PhaseForbids
from services.recognition.honouring.store import doors, events
from shared.database import Connection


class NotOpenedByHand(PhaseForbids):
    """The doors admit by the clock, or not at all."""

    def __init__(self) -> None:
        super().__init__("Der Einlass wurde nicht von Hand geöffnet.")


class SomebodyInside(PhaseForbids):
    """Guests were admitted already, and would not be known at the door."""

    def __init__(self) -> None:
        super().__init__(
            "Es ist schon jemand eingelassen. Nehmen Sie diese Einlässe zuerst an der Tür zurück."
        )


class RehearseAdmission(msgspec.Struct, frozen=True, kw_only=True):
    """For which honouring event."""

    honouring_event_id: UUID


async def rehearse_admission(transaction: Connection, command: RehearseAdmission) -> None:
    """Record nothing at the doors until the planned time comes.

    Raises:
        NotOpenedByHand: there is nothing to take back.
        SomebodyInside: a guest was admitted and that is not undone.
    """
    event = await events.lock(transaction, command.honouring_event_id)
    if event.admission_opened_at is None:
        raise NotOpenedByHand
    if (await doors.attendance(transaction, event.honouring_event_id)).inside:
        raise SomebodyInside
    await events.close_admission(transaction, event.honouring_event_id)

"""Have the scans at the doors count from now on, earlier than planned (Einlass öffnen)."""

from uuid import UUID

import msgspec

from services.recognition.honouring.planning import PhaseForbids, demand
from services.recognition.honouring.store import events
from shared.database import Connection


class AlreadyAdmitting(PhaseForbids):
    """The doors admit guests as it is."""

    def __init__(self) -> None:
        super().__init__("Der Einlass ist schon geöffnet.")


class OpenAdmission(msgspec.Struct, frozen=True, kw_only=True):
    """For which honouring event."""

    honouring_event_id: UUID


async def open_admission(transaction: Connection, command: OpenAdmission) -> None:
    """End the rehearsal: from now on every ticket that is scanned is admitted once.

    Raises:
        EventIsOver: it is cancelled or past.
        PhaseForbids: nobody is invited yet.
        AlreadyAdmitting: there is nothing to open.
    """
    event = await events.lock(transaction, command.honouring_event_id)
    demand(event, "inviting", sentence="Zu diesem Konzert wurde noch niemand eingeladen.")
    if event.is_admitting(await events.clock(transaction)):
        raise AlreadyAdmitting
    await events.open_admission(transaction, event.honouring_event_id)

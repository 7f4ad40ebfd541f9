"""Let associations propose guests from now on."""

from uuid import UUID

import msgspec

from services.recognition.honouring.planning import demand
from services.recognition.honouring.store import events
from shared.database import Connection


class OpenNomination(msgspec.Struct, frozen=True, kw_only=True):
    """For which honouring event guests may be proposed."""

    honouring_event_id: UUID


async def open_nomination(transaction: Connection, command: OpenNomination) -> None:
    """Enter the phase of proposals, for the first time or once more after it was closed.

    Raises:
        PhaseForbids: guests have been selected already.
    """
    event = await events.lock(transaction, command.honouring_event_id)
    demand(
        event,
        "draft",
        "nomination_closed",
        sentence="Vorschläge können nur vor der Auswahl der Gäste geöffnet werden.",
    )
    await events.enter(transaction, event.honouring_event_id, "nomination_open")

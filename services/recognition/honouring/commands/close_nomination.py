"""Take no more proposals from associations."""

from uuid import UUID

import msgspec

from services.recognition.honouring.planning import demand
from services.recognition.honouring.store import events
from shared.database import Connection


class CloseNomination(msgspec.Struct, frozen=True, kw_only=True):
    """For which honouring event no more guests may be proposed."""

    honouring_event_id: UUID


async def close_nomination(transaction: Connection, command: CloseNomination) -> None:
    """End the phase of proposals, so that guests can be selected.

    Raises:
        PhaseForbids: it has not been opened, or was closed before.
    """
    event = await events.lock(transaction, command.honouring_event_id)
    demand(event, "nomination_open", sentence="Die Vorschläge sind nicht geöffnet.")
    await events.enter(transaction, event.honouring_event_id, "nomination_closed")

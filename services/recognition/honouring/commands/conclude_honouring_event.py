"""Note that an honouring event has taken place."""

from uuid import UUID

import msgspec

from services.recognition.honouring.planning import demand_over
from services.recognition.honouring.store import events
from shared.database import Connection


class ConcludeHonouringEvent(msgspec.Struct, frozen=True, kw_only=True):
    """Which honouring event has taken place."""

    honouring_event_id: UUID


async def conclude_honouring_event(
    transaction: Connection, command: ConcludeHonouringEvent
) -> None:
    """End the event after its time; nothing about it changes any more.

    Raises:
        PhaseForbids: nobody was invited, or it is not over by the clock.
    """
    event = await events.lock(transaction, command.honouring_event_id)
    demand_over(event, await events.clock(transaction))
    await events.enter(transaction, event.honouring_event_id, "held")

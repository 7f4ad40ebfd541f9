"""Call an honouring event off (Absage)."""

from uuid import UUID

import msgspec

from services.recognition.honouring.planning import EventIsOver
from services.recognition.honouring.store import events, quotas, requests
from shared import outbox
from shared.contracts.recognition import HonouringEventCancelled, NominationRequestWithdrawn
from shared.database import Connection


class CancelHonouringEvent(msgspec.Struct, frozen=True, kw_only=True):
    """Which honouring event will not take place."""

    honouring_event_id: UUID


async def cancel_honouring_event(transaction: Connection, command: CancelHonouringEvent) -> None:
    """End the event for good and say so; everybody who was invited will be told.

    Associations that are still asked for proposals are told too; the links of all of them end.

    Raises:
        EventIsOver: it was cancelled before, or has taken place.
    """
    before = await events.lock(transaction, command.honouring_event_id)
    if before.is_over:
        raise EventIsOver
    version = await events.enter(transaction, before.honouring_event_id, "cancelled")
    fact = HonouringEventCancelled(honouring_event_id=before.honouring_event_id, version=version)
    await outbox.record(transaction, fact)
    await quotas.end_links(transaction, before.honouring_event_id)
    ended = await requests.withdraw(transaction, before.honouring_event_id)
    if before.phase == "nomination_open":
        await outbox.record(transaction, *(NominationRequestWithdrawn(**one.told) for one in ended))

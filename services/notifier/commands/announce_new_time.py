"""Queue the news that an honouring event has moved (Verlegung)."""

import msgspec

from services.notifier.model import venue_of
from services.notifier.store import known, ledger
from services.notifier.store.known import KnownEvent
from shared.contracts.recognition import HonouringEventRescheduled
from shared.database import Connection


class AnnounceNewTime(msgspec.Struct, frozen=True, kw_only=True):
    """The event's new and previous time."""

    fact: HonouringEventRescheduled


async def announce_new_time(transaction: Connection, command: AnnounceNewTime) -> None:
    """Queue a message for everybody who is invited, comes, waits or has an offer.

    News of an earlier move that has not gone out yet is withheld. A move that is heard of after a
    later change of title or hall is told all the same, after a later move or a cancellation not.
    """
    fact = command.fact
    await known.keep_event(
        transaction,
        KnownEvent(
            honouring_event_id=fact.honouring_event_id,
            version=fact.version,
            title=fact.title,
            venue=venue_of(fact),
        ),
    )
    if not await known.keep_move(
        transaction, fact.honouring_event_id, fact.version, fact.previous_starts_at
    ):
        return
    await ledger.withhold_of_event(
        transaction, fact.honouring_event_id, ["rescheduled", "new_venue"], "overtaken"
    )
    guests = await known.guests_to_tell(
        transaction, fact.honouring_event_id, "rescheduled", fact.version
    )
    await ledger.queue(transaction, guests)

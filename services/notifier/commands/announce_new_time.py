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

    News of an earlier move that has not gone out yet is withheld. A stale fact changes nothing.
    """
    fact = command.fact
    is_news = await known.keep_event(
        transaction,
        KnownEvent(
            honouring_event_id=fact.honouring_event_id,
            version=fact.version,
            title=fact.title,
            venue=venue_of(fact),
            previous_starts_at=fact.previous_starts_at,
        ),
    )
    if not is_news:
        return
    await ledger.withhold_of_event(
        transaction, fact.honouring_event_id, ["rescheduled", "new_venue"], "overtaken"
    )
    guests = await known.guests_to_tell(
        transaction, fact.honouring_event_id, "rescheduled", fact.version
    )
    await ledger.queue(transaction, guests)

"""Keep what is public of an honouring event, and queue the news that it has another hall."""

import msgspec

from services.notifier.model import venue_of
from services.notifier.store import known, ledger
from services.notifier.store.known import KnownEvent
from shared.contracts.recognition import HonouringEventChanged, HonouringEventPlanned
from shared.database import Connection


class KeepHonouringEvent(msgspec.Struct, frozen=True, kw_only=True):
    """An event that was planned or changed without moving to another time."""

    fact: HonouringEventPlanned | HonouringEventChanged


async def keep_honouring_event(transaction: Connection, command: KeepHonouringEvent) -> None:
    """Enter or update the event; tell everybody it concerns if the hall is another one.

    A stale fact changes nothing.
    """
    fact = command.fact
    before = await known.find_event(transaction, fact.honouring_event_id)
    is_news = await known.keep_event(
        transaction,
        KnownEvent(
            honouring_event_id=fact.honouring_event_id,
            version=fact.version,
            title=fact.title,
            venue=venue_of(fact),
        ),
    )
    if not is_news or before is None or before.venue in {"", venue_of(fact)}:
        return
    await ledger.withhold_of_event(transaction, fact.honouring_event_id, ["new_venue"], "overtaken")
    guests = await known.guests_to_tell(
        transaction, fact.honouring_event_id, "new_venue", fact.version
    )
    await ledger.queue(transaction, guests)

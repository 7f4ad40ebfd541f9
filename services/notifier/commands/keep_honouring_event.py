"""Keep what is public of an honouring event, so that batches of letters can be told apart."""

import msgspec

from services.notifier.store import known
from services.notifier.store.known import KnownEvent
from shared.contracts.recognition import HonouringEventChanged, HonouringEventPlanned
from shared.database import Connection


class KeepHonouringEvent(msgspec.Struct, frozen=True, kw_only=True):
    """An event that was planned or changed without moving."""

    fact: HonouringEventPlanned | HonouringEventChanged


async def keep_honouring_event(transaction: Connection, command: KeepHonouringEvent) -> None:
    """Enter or update the event; a stale fact changes nothing."""
    fact = command.fact
    await known.keep_event(
        transaction,
        KnownEvent(
            honouring_event_id=fact.honouring_event_id,
            version=fact.version,
            title=fact.title,
        ),
    )

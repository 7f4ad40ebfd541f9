"""Queue the news that an honouring event will not take place (Absage)."""

from typing import Final, get_args

import msgspec

from services.notifier.model import Purpose
from services.notifier.nominations import NOMINATION
from services.notifier.store import known, ledger
from shared.contracts.recognition import HonouringEventCancelled
from shared.database import Connection

OVERTAKEN: Final = [
    purpose
    for purpose in get_args(Purpose)
    if purpose != "cancelled" and purpose not in NOMINATION.values()
]
"""What only guests get; associations have facts of their own."""


class AnnounceCancellation(msgspec.Struct, frozen=True, kw_only=True):
    """Which event is called off."""

    fact: HonouringEventCancelled


async def announce_cancellation(transaction: Connection, command: AnnounceCancellation) -> None:
    """Withhold what has not gone out about the event and tell everybody who knows of it.

    Guests whose invitation has not gone out are not told of a cancellation either. A stale fact
    changes nothing.
    """
    fact = command.fact
    if not await known.cancel_event(transaction, fact.honouring_event_id, fact.version):
        return
    guests = await known.guests_to_tell(
        transaction, fact.honouring_event_id, "cancelled", fact.version
    )
    unaware = await ledger.never_invited(transaction, fact.honouring_event_id)
    await ledger.withhold_of_event(
        transaction, fact.honouring_event_id, OVERTAKEN, "event_cancelled"
    )
    await ledger.queue(
        transaction, [guest for guest in guests if guest.invitation_id not in unaware]
    )

"""Queue reminders for guests who have not answered (Erinnerung)."""

import msgspec

from services.notifier.store import known, ledger
from shared.database import Connection


class QueueReminders(msgspec.Struct, frozen=True, kw_only=True):
    """How many to queue at once; the timer asks again until there is nothing left to do."""

    most: int = 500


async def queue_reminders(transaction: Connection, command: QueueReminders) -> int:
    """Queue the reminders whose time has come, and return how many."""
    due = await known.take_reminders(transaction, command.most)
    if due:
        await ledger.queue(transaction, due)
    return len(due)

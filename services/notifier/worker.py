"""Wires notifier's worker together: subscriptions and timers."""

from collections.abc import Sequence

from services.notifier.commands.queue_reminders import QueueReminders, queue_reminders
from services.notifier.printing import Printing
from services.notifier.sending import Sending
from services.notifier.smtp import Postman
from services.notifier.sorting import sort_patiently
from services.notifier.store import forgetting, prints
from services.notifier.subscriptions import subscriptions
from shared.database import transaction
from shared.timers import Timer, forget
from shared.worker import Parts, Worker


def _timers(parts: Parts) -> Sequence[Timer]:
    postman = Postman(parts.settings.smtp_server)
    sending = Sending(parts.settings, parts.pool, parts.asks, postman)
    printing = Printing(parts.settings, parts.pool, parts.asks)

    async def sort() -> int:
        return await sort_patiently(parts.pool, parts.asks)

    async def remind() -> int:
        async with transaction(parts.pool) as opened:
            return await queue_reminders(opened, QueueReminders())

    async def forget_letters() -> int:
        async with transaction(parts.pool) as opened:
            await prints.forget_files(opened)
        return 0

    return [
        Timer("sort_messages", 0.2, sort),
        Timer("send_mails", 0.2, sending.send_due),
        Timer("print_letters", 0.5, printing.print_next),
        Timer("queue_reminders", 60, remind),
        Timer("forget_letters", 300, forget_letters),
        forget("forget_messages", parts.pool, forgetting.forget_messages),
        forget("forget_batches", parts.pool, forgetting.forget_batches),
    ]


WORKER = Worker(subscriptions=lambda _parts: subscriptions(), timers=_timers)

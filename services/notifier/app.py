"""Wires notifier's two processes together."""

from collections.abc import Sequence
from pathlib import Path

from litestar import Litestar

from services.notifier.commands.queue_reminders import QueueReminders, queue_reminders
from services.notifier.http.routes import ROUTES
from services.notifier.printing import Printing
from services.notifier.sending import Sending
from services.notifier.settings import Settings
from services.notifier.smtp import Postman
from services.notifier.sorting import sort_patiently
from services.notifier.store import forgetting, prints
from services.notifier.subscriptions import subscriptions
from shared.database import transaction
from shared.process import Parts, Worker
from shared.settings import from_environment
from shared.timers import Timer, forget
from shared.web.app import create_app

PAGES = Path(__file__).parent / "pages"


def api() -> Litestar:
    """Return the application that answers HTTP, built from the environment."""
    return create_app(
        service="notifier", settings=from_environment(Settings), routes=ROUTES, pages=PAGES
    )


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

"""Wires events' worker together: subscriptions, answers, timers, and what partners send."""

from collections.abc import Awaitable, Callable, Sequence

from services.events.answers import answers
from services.events.courses.timers import timers as course_timers
from services.events.ingest.intake import Intake
from services.events.ingest.receipts import Teller
from services.events.ingest.runtime import Ingest
from services.events.ingest.sandbox import Sandbox
from services.events.pulling.runtime import Pulling
from services.events.subscriptions import subscriptions
from services.events.timers import timers
from shared.worker import Parts, Worker


def _loops(parts: Parts) -> Sequence[Callable[[], Awaitable[None]]]:
    site = parts.settings.site
    intake = Intake(parts.pool, Sandbox(), Teller(parts.pool, parts.client, site), site)
    pulling = Pulling(intake, allows_private=parts.settings.pulls_private_addresses)
    return [Ingest(parts.client, intake, parts.settings.database_url).run, pulling.run]


WORKER = Worker(
    subscriptions=lambda parts: subscriptions(parts.settings.site),
    answers=lambda parts: answers(parts.pool),
    timers=lambda parts: [*timers(parts), *course_timers(parts)],
    loops=_loops,
)

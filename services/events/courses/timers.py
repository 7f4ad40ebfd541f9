"""Says what courses look for again and again: lapsed offers, runs, old names."""

from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime

from services.events.courses.commands.forget_participants import (
    ForgetParticipants,
    forget_participants,
)
from services.events.courses.commands.lapse_offers import LapseOffers, lapse_offers
from services.events.courses.commands.settle_runs import SettleRuns, settle_runs
from services.events.courses.store import runs
from shared.database import Connection, transaction
from shared.timers import Timer
from shared.worker import Parts

Work = Callable[[Connection, datetime], Awaitable[int]]


def timers(parts: Parts) -> Sequence[Timer]:
    """Return the timers of the worker; PostgreSQL's clock decides."""

    def at_the_databases_time(work: Work) -> Callable[[], Awaitable[int]]:
        async def tick() -> int:
            async with transaction(parts.pool) as opened:
                return await work(opened, await runs.clock(opened))

        return tick

    return [
        Timer("lapse_course_offers", 5, at_the_databases_time(_lapse)),
        Timer("settle_course_runs", 60, at_the_databases_time(_settle)),
        Timer("forget_participants", 3_600, at_the_databases_time(_forget)),
    ]


async def _lapse(transaction: Connection, now: datetime) -> int:
    return await lapse_offers(transaction, LapseOffers(), now)


async def _settle(transaction: Connection, now: datetime) -> int:
    return await settle_runs(transaction, SettleRuns(), now)


async def _forget(transaction: Connection, now: datetime) -> int:
    return await forget_participants(transaction, ForgetParticipants(), now)

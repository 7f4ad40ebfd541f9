"""Runs a transaction again that lost a race for places, a few times and not for ever."""

from collections.abc import Awaitable
from typing import Final, Protocol, TypeVar

import asyncpg

from shared.database import Connection, Pool, transaction
from shared.errors import Refused

RETRIES: Final = 3

T_co = TypeVar("T_co", covariant=True)
T = TypeVar("T")


class MustStandInLine(Exception):
    """The hall is filling up: roll back and answer again, in line with all others."""


class TooBusy(Refused):
    """Too many people answer at the same moment; nothing was kept (503)."""

    status = 503

    def __init__(self) -> None:
        super().__init__(
            "Gerade antworten sehr viele Gäste zugleich. Bitte senden Sie Ihre Antwort in einer "
            "Minute noch einmal; es ist nichts verloren."
        )


class Work(Protocol[T_co]):
    """A command bound to what it shall do."""

    def __call__(self, opened: Connection, *, in_line: bool) -> Awaitable[T_co]:
        """Work in the transaction; `in_line` after hope was not enough."""


async def patiently(pool: Pool, work: Work[T], *, in_line: bool = False) -> T:
    """Run the work in a transaction of its own, up to 1 + RETRIES times, and commit it.

    Args:
        pool: where the transactions come from.
        work: what to do.
        in_line: begin in line, because it is known that it has to be.

    Raises:
        TooBusy: it lost every time; nothing was kept.
        Refused: what the work refuses, at once.
    """
    for _ in range(1 + RETRIES):
        try:
            async with transaction(pool) as opened:
                return await work(opened, in_line=in_line)
        except MustStandInLine:
            in_line = True
        except (asyncpg.LockNotAvailableError, asyncpg.DeadlockDetectedError):
            continue
    raise TooBusy

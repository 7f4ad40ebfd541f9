"""Slows down whoever guesses: so many misses a minute, then a pause."""

import time
from collections import OrderedDict
from collections.abc import Callable
from typing import Final

from shared.errors import Refused
from shared.web.addresses import customer

MISSES_PER_MINUTE: Final = 20
MISSES_OF_ALL: Final = 600
"""A minute's misses from all addresses together, beyond which each has one a minute."""
MOST_VISITORS: Final = 10_000
MINUTE: Final = 60
"""Seconds."""


class TooManyAttempts(Refused):
    """Too much at once; it may go on after a pause, of a minute where none is named (429)."""

    status = 429

    def __init__(
        self,
        sentence: str = (
            "Von Ihrem Anschluss kamen zu viele ungültige Versuche. Bitte warten Sie eine Minute."
        ),
        pause_seconds: int = MINUTE,
    ) -> None:
        super().__init__(sentence)
        self.pause_seconds = pause_seconds


class Misses:
    """A token bucket for each visitor's address and one for all together, of one process.

    When all together miss too often, somebody guesses from many addresses: then an address has one
    miss a minute, and whoever holds a right link or code is let in as before. The visitors who
    have been quiet longest are forgotten when there are too many.
    """

    def __init__(
        self,
        per_minute: float = MISSES_PER_MINUTE,
        clock: Callable[[], float] = time.monotonic,
        of_all: float = MISSES_OF_ALL,
    ) -> None:
        self._most = per_minute
        self._most_of_all = of_all
        self._clock = clock
        self._visitors: OrderedDict[str, tuple[float, float]] = OrderedDict()
        self._all = (of_all, clock())

    def check(self, address: str) -> None:
        """Let an address try.

        Raises:
            TooManyAttempts: it has missed too often lately.
        """
        noted = self._visitors.get(customer(address))
        if noted is None:
            return
        is_crowded = self._left(self._all, self._most_of_all) < 1
        if is_crowded and self._clock() - noted[1] < MINUTE:
            raise TooManyAttempts
        if self._left(noted, self._most) < 1:
            raise TooManyAttempts

    def note(self, address: str) -> None:
        """Count one miss."""
        visitor = customer(address)
        noted = self._visitors.get(visitor, (self._most, self._clock()))
        self._visitors[visitor] = self._without_one(noted, self._most)
        self._visitors.move_to_end(visitor)
        if len(self._visitors) > MOST_VISITORS:
            self._visitors.popitem(last=False)
        self._all = self._without_one(self._all, self._most_of_all)

    def _without_one(self, noted: tuple[float, float], most: float) -> tuple[float, float]:
        return max(0.0, self._left(noted, most) - 1), self._clock()

    def _left(self, noted: tuple[float, float], most: float) -> float:
        left, noted_at = noted
        return min(most, left + (self._clock() - noted_at) * most / MINUTE)

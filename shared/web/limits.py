"""Slows down whoever guesses: so many misses a minute, then a pause."""

import time
from collections import OrderedDict
from collections.abc import Callable
from typing import Final

from shared.errors import Refused
from shared.web.addresses import customer

MISSES_PER_MINUTE: Final = 20
MOST_VISITORS: Final = 10_000


class TooManyAttempts(Refused):
    """Too many wrong tries from one address; it may go on in a minute (429)."""

    status = 429

    def __init__(self) -> None:
        super().__init__(
            "Von Ihrem Anschluss kamen zu viele ungültige Versuche. Bitte warten Sie eine Minute."
        )


class Misses:
    """A token bucket for each visitor's address, of one process.

    The visitors who have been quiet longest are forgotten when there are too many.
    """

    def __init__(
        self,
        per_minute: float = MISSES_PER_MINUTE,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._most = per_minute
        self._clock = clock
        self._visitors: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def check(self, address: str) -> None:
        """Let an address try.

        Raises:
            TooManyAttempts: it has missed too often lately.
        """
        if self._left(customer(address)) < 1:
            raise TooManyAttempts

    def note(self, address: str) -> None:
        """Count one miss."""
        visitor = customer(address)
        self._visitors[visitor] = (max(0.0, self._left(visitor) - 1), self._clock())
        self._visitors.move_to_end(visitor)
        if len(self._visitors) > MOST_VISITORS:
            self._visitors.popitem(last=False)

    def _left(self, visitor: str) -> float:
        left, noted_at = self._visitors.get(visitor, (self._most, self._clock()))
        return min(self._most, left + (self._clock() - noted_at) * self._most / 60)

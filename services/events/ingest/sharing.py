"""Says what a partner's loop leaves to others while they send too: messages, and time."""

import time
from collections.abc import Callable
from typing import Final

from services.events.ingest.model import Partner

ALONE: Final = 256
"""Messages at once of a partner that alone sends: the most a second."""
TOGETHER: Final = 16
"""Messages at once while others send too: theirs wait for what is being taken of its own."""
SHARE: Final = 0.25
"""Of the time, that one of them may work while others send too."""
AT_ONCE_SECONDS: Final = 0.1
"""What it may work before it rests: who sends little never does."""
MOST_REST_SECONDS: Final = 1.0
ALONE_AFTER_SECONDS: Final = 10.0
"""How long after the last message of all others a partner counts as alone."""


class Sharing:
    """Who has sent something lately, among the partners of one worker.

    All their loops share its event loop and its connections to PostgreSQL.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._heard_at: dict[Partner, float] = {}
        self._worked: dict[Partner, tuple[float, float]] = {}
        """Seconds beyond its share that a partner's loop has worked, and when that was counted."""

    def most(self, partner: Partner) -> int:
        """Return how many messages a partner's loop may fetch at once."""
        return TOGETHER if self._has_company(partner) else ALONE

    def rest(self, partner: Partner, worked: float) -> float:
        """Return for how many seconds a partner's loop pauses after it has worked for so many.

        While others send too it has its share of the time, and the machine is theirs in the rest.
        """
        if not self._has_company(partner):
            self._worked.pop(partner, None)
            return 0.0
        now = self._clock()
        before, counted_at = self._worked.get(partner, (0.0, now))
        beyond = max(0.0, before - SHARE * (now - counted_at)) + worked
        beyond = min(beyond, AT_ONCE_SECONDS + SHARE * MOST_REST_SECONDS)
        self._worked[partner] = beyond, now
        return max(0.0, beyond - AT_ONCE_SECONDS) / SHARE

    def hear(self, partner: Partner) -> None:
        """Note that a partner has sent something."""
        self._heard_at[partner] = self._clock()

    def leave(self, partner: Partner) -> None:
        """Forget a partner that is read no longer."""
        self._heard_at.pop(partner, None)
        self._worked.pop(partner, None)

    def _has_company(self, partner: Partner) -> bool:
        since = self._clock() - ALONE_AFTER_SECONDS
        others = (at for other, at in self._heard_at.items() if other != partner)
        return any(at > since for at in others)

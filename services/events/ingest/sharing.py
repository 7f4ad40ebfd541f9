"""Says what a partner's loop leaves to others while they send too: messages, and time."""

import time
from collections.abc import Callable
from typing import Final

from services.events.ingest.model import Partner

ALONE: Final = 256
"""Messages at once of a partner that alone sends: the most a second."""
TOGETHER: Final = 16
"""Messages at once while others send too: theirs wait for what is being taken of its own."""
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

    def most(self, partner: Partner) -> int:
        """Return how many messages a partner's loop may fetch at once."""
        return TOGETHER if self._has_company(partner) else ALONE

    def rest(self, partner: Partner, worked: float) -> float:
        """Return for how many seconds a partner's loop pauses after it has worked for so many.

        While others send too it is as long: half of the time the machine is theirs.
        """
        return min(worked, MOST_REST_SECONDS) if self._has_company(partner) else 0.0

    def hear(self, partner: Partner) -> None:
        """Note that a partner has sent something."""
        self._heard_at[partner] = self._clock()

    def leave(self, partner: Partner) -> None:
        """Forget a partner that is read no longer."""
        self._heard_at.pop(partner, None)

    def _has_company(self, partner: Partner) -> bool:
        since = self._clock() - ALONE_AFTER_SECONDS
        others = (at for other, at in self._heard_at.items() if other != partner)
        return any(at > since for at in others)

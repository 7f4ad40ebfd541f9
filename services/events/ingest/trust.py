"""Decides how far a partner is trusted: with which category, and with how many cancellations."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Final, Literal

import msgspec

Trust = Literal["publish", "publish_and_review", "review"]
"""At once; at once and looked at afterwards; only after an editor has looked."""

STRICTNESS: Final[tuple[Trust, ...]] = ("publish", "publish_and_review", "review")
CANCELLATIONS: Final = 5
CANCELLED_SHARE: Final = 0.2
CANCELLED_WITHIN: Final = timedelta(hours=1)


class TrustRules(msgspec.Struct, frozen=True):
    """How far one partner is trusted."""

    otherwise: Trust
    """In categories without a rule of their own, and without a category."""
    by_category: dict[str, Trust] = {}
    """By code."""

    def of(self, categories: Sequence[str]) -> Trust:
        """Return the trust in an event of these categories; the strictest one counts."""
        levels = [self.by_category.get(code, self.otherwise) for code in categories]
        return max(levels or [self.otherwise], key=STRICTNESS.index)


class Brake:
    """Stops cancellations when a partner calls off too many of its coming events (Notbremse).

    More than 5 and more than 20 % of them within an hour: the others wait for an editor.
    """

    def __init__(self, coming: int, cancelled: int) -> None:
        """Start from what stands in the tables.

        Args:
            coming: public events that are not over, those cancelled within the hour among them.
            cancelled: events cancelled or withdrawn within the hour.
        """
        self.coming = coming
        self.cancelled = cancelled

    @property
    def is_pulled(self) -> bool:
        """Whether the next cancellation has to wait."""
        return self.cancelled > max(CANCELLATIONS, CANCELLED_SHARE * self.coming)

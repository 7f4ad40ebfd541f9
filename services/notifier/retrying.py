"""Decides when a mail that was not taken is tried again, and when it is given up."""

from datetime import datetime, timedelta
from typing import Final, Literal
from uuid import UUID

QUICK_SECONDS: Final = (10, 30, 60, 300, 900)
SLOW_SECONDS: Final = (60, 300, 600, 1200, 1800)
GIVE_UP_AFTER: Final = timedelta(hours=24)


def next_try(
    message_id: UUID,
    retry: Literal["quick", "slow"],
    tries: int,
    first_tried_at: datetime,
    now: datetime,
) -> datetime | None:
    """Return when to try again, or None when 24 hours have been enough.

    Args:
        message_id: scatters the times, so that mails refused together do not come back together.
        retry: quick for a busy server, slow for one that wants us to wait (greylisting).
        tries: how many there have been, from 1.
        first_tried_at: when the first of them was.
        now: the database's clock.
    """
    seconds = QUICK_SECONDS if retry == "quick" else SLOW_SECONDS
    pause = seconds[min(tries, len(seconds)) - 1]
    scattered = timedelta(seconds=pause * (1 + message_id.int % 256 / 1024))
    due = now + scattered
    return due if due - first_tried_at < GIVE_UP_AFTER else None

"""Says how long the rows of some tables are kept, in words."""

from datetime import timedelta

import msgspec

STAYS = "stays"


class Kept(msgspec.Struct, frozen=True):
    """How long the rows of some tables are kept."""

    tables: tuple[str, ...]
    how_long: str
    because: str


def days(count: float, since: str) -> str:
    """Return a time in words."""
    return f"{count:g} days after {since}"


def of(kept: timedelta, since: str) -> str:
    """Return a time in words."""
    return days(kept.days, since)

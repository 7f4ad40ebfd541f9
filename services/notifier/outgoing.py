"""What a claimed mail has become: bytes for somebody, or a reason why it does not go out."""

from collections.abc import Callable
from datetime import datetime
from typing import Literal

import msgspec


class Outgoing(msgspec.Struct, frozen=True, kw_only=True):
    """A mail that is true at this moment."""

    recipient: str
    """The address as it is stored."""
    write: Callable[[], bytes]
    """Writes the mail; may raise Unmailable. Takes some hundredths of a second with tickets."""
    remind_at: datetime | None = None
    """When the recipient is to be reminded, should no answer come."""


class Ended(msgspec.Struct, frozen=True):
    """Nothing goes out."""

    state: Literal["cancelled", "withheld"]
    reason: str
    """A code; see `titles.REASONS`."""


class SortAgain(msgspec.Struct, frozen=True):
    """The recipient has no e-mail address any more: a letter, perhaps."""

"""What a partner's message becomes once it has been read."""

from datetime import datetime
from typing import Literal

import msgspec

from services.events.content import EventContent
from services.events.ingest.reasons import Refusal

Status = Literal["published", "cancelled", "postponed"]


class Incoming(msgspec.Struct, frozen=True, kw_only=True):
    """A partner's message as it lies in its stream."""

    partner: str
    """Name of the partner whose stream it came from: the only thing that says who sent it."""
    headers: dict[str, str]
    body: bytes


class Item(msgspec.Struct, frozen=True, kw_only=True, tag="item"):
    """One event as a partner describes it (Einspeisung)."""

    key: str
    """The partner's own id of the event."""
    content: EventContent
    status: Status = "published"
    revision: int | None = None
    """The partner's count of changes (version, SEQUENCE)."""
    modified_at: datetime | None = None
    remark: str = ""
    """Code of what its partner is told though it is taken; empty where there is nothing to say."""


class DateChange(msgspec.Struct, frozen=True, kw_only=True):
    """What a partner says about one date of a series, in wall-clock times of `zone`."""

    original: datetime
    """Naive: when the rule has it."""
    starts: datetime
    ends: datetime | None = None
    """Naive and exclusive; None where it lasts as long as the others."""
    all_day: bool = False
    zone: str
    is_cancelled: bool = False
    texts: dict[str, str] = {}
    """What it says beside its times, by the names of EventContent."""
    revision: int | None = None
    modified_at: datetime | None = None


class SeriesChange(msgspec.Struct, frozen=True, kw_only=True, tag="series_change"):
    """Changed dates of a series that is not in the message itself."""

    key: str
    """The partner's own id of the series."""
    changes: list[DateChange]
    field: str
    """What the partner calls them."""
    revision: int | None = None
    modified_at: datetime | None = None


class Withdrawal(msgspec.Struct, frozen=True, kw_only=True, tag="withdrawal"):
    """That an event was never meant to be there: it is to go without a trace (Löschung)."""

    key: str
    revision: int | None = None
    modified_at: datetime | None = None


Read = Item | SeriesChange | Withdrawal | Refusal


def calls_off(read: Read) -> bool:
    """Say whether an arrival wants an event not to take place."""
    is_cancelled = isinstance(read, Item) and read.status == "cancelled"
    return is_cancelled or isinstance(read, Withdrawal)

"""Decides when a link is dead, and when it is looked at again."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Final, Literal
from uuid import UUID

import msgspec

Reason = Literal[
    "", "gone", "refused", "failing", "no_answer", "no_such_host", "private", "too_many_hops"
]
REASONS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "gone": "Die Seite gibt es nicht mehr.",
        "refused": "Die Seite wird nicht gezeigt.",
        "failing": "Die Seite meldet einen Fehler.",
        "no_answer": "Die Seite antwortet nicht.",
        "no_such_host": "Die Internetadresse gibt es nicht.",
        "private": "Die Adresse ist von außen nicht erreichbar.",
        "too_many_hops": "Die Seite leitet immer weiter.",
    }
)
"""By code, what was wrong with a link."""
ALIVE: Final = timedelta(days=7)
DEAD: Final = timedelta(days=1)
FIRST_RETRY: Final = timedelta(hours=1)
LONGEST_RETRY: Final = timedelta(days=1)
MOST_FAILURES: Final = 3
"""So often in a row a link must fail to be dead, unless its host says that it is gone."""
_AT_ONCE: Final = frozenset({"gone", "private"})


class OfferLink(msgspec.Struct, frozen=True, kw_only=True):
    """The link of somebody else's offer, and what was found there the last time."""

    calendar_event_id: UUID
    url: str
    failures: int = 0
    """In a row."""
    reason: str = ""
    is_dead: bool = False


class Looked(OfferLink, frozen=True, kw_only=True):
    """A link after somebody has looked at it."""

    due_at: datetime
    """When to look again."""


def after_looking(link: OfferLink, reason: Reason, now: datetime) -> Looked:
    """Return what is known of a link after `reason` was found; empty: it leads somewhere."""
    if not reason:
        return _looked(link, 0, "", now + ALIVE, is_dead=False)
    failures = link.failures + 1
    is_dead = reason in _AT_ONCE or failures >= MOST_FAILURES
    retry = min(FIRST_RETRY * 4 ** min(failures - 1, 5), LONGEST_RETRY)
    return _looked(link, failures, reason, now + (DEAD if is_dead else retry), is_dead=is_dead)


def _looked(
    link: OfferLink, failures: int, reason: str, due_at: datetime, *, is_dead: bool
) -> Looked:
    return Looked(
        calendar_event_id=link.calendar_event_id,
        url=link.url,
        failures=failures,
        reason=reason,
        is_dead=is_dead,
        due_at=due_at,
    )

"""Moves, cancels and restores single dates of a series."""

from datetime import datetime

import msgspec

from services.events.content import ChangedDate, EventContent
from services.events.moving import has_date
from shared.errors import NotFound, Refused


class NoSuchDate(NotFound):
    """The series has no date then."""

    def __init__(self) -> None:
        super().__init__("Diesen Termin hat die Serie nicht (mehr). Bitte laden Sie die Seite neu.")


class DateAlreadyCancelled(Refused):
    """The date was cancelled before."""

    def __init__(self) -> None:
        super().__init__("Dieser Termin ist schon abgesagt.")


class DateUnchanged(Refused):
    """The date is as the rule says, so there is nothing to take back."""

    def __init__(self) -> None:
        super().__init__("Dieser Termin ist weder verlegt noch abgesagt.")


def with_cancelled(content: EventContent, original: datetime) -> EventContent:
    """Return `content` with the date that the rule has at `original` cancelled.

    Raises:
        NoSuchDate: the series has none.
        DateAlreadyCancelled: it was cancelled before.
    """
    before = change_of(content, original)
    if before is not None and before.is_cancelled:
        raise DateAlreadyCancelled
    return _with(content, ChangedDate(original=original, starts=original, is_cancelled=True))


def with_moved(
    content: EventContent, original: datetime, starts: datetime, ends: datetime | None
) -> EventContent:
    """Return `content` with one date moved; a cancelled one takes place again.

    Raises:
        NoSuchDate: the series has none at `original`.
    """
    change_of(content, original)
    return _with(content, ChangedDate(original=original, starts=starts, ends=ends))


def with_restored(content: EventContent, original: datetime) -> EventContent:
    """Return `content` with one date as the rule has it.

    Raises:
        NoSuchDate: the series has none at `original`.
        DateUnchanged: it is so already.
    """
    if change_of(content, original) is None:
        raise DateUnchanged
    return msgspec.structs.replace(content, changed=_others(content, original))


def change_of(content: EventContent, original: datetime) -> ChangedDate | None:
    """Return how the date at `original` was changed, None if it is as the rule says.

    Raises:
        NoSuchDate: the series has no date then.
    """
    if not content.recurrence or not has_date(content, original):
        raise NoSuchDate
    found = [change for change in content.changed if change.original == original]
    return found[0] if found else None


def _with(content: EventContent, change: ChangedDate) -> EventContent:
    changed = sorted([*_others(content, change.original), change], key=lambda each: each.original)
    return msgspec.structs.replace(content, changed=changed)


def _others(content: EventContent, original: datetime) -> list[ChangedDate]:
    return [change for change in content.changed if change.original != original]

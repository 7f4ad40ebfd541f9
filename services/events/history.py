"""Knows the versions that an event has been in, and which change can be taken back."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, Final

import msgspec

from services.events.content import EventContent
from services.events.model import CalendarEvent, State, content_of
from shared.errors import Refused

KEPT: Final = timedelta(days=731)
"""How long versions stand in the history."""


class PastVersion(msgspec.Struct, frozen=True, kw_only=True):
    """One version of an event and how it came to be."""

    version: int
    state: State
    content: dict[str, Any]
    """By field of EventContent, as JSON has it; a field newer than the version is missing."""
    deed: str
    """The command."""
    made_by: str
    made_at: datetime


class NothingToUndo(Refused):
    """There is no earlier version (any more)."""

    def __init__(self) -> None:
        super().__init__("Es gibt keine frühere Fassung, zu der es zurückgehen könnte.")


class NotOfContent(Refused):
    """The last change was one of state: each has a way of its own, and some have none."""

    def __init__(self) -> None:
        super().__init__(
            "Die letzte Änderung betraf nicht den Inhalt, sondern den Zustand der Veranstaltung. "
            "Sie lässt sich nicht zurücknehmen."
        )


def content_before(event: CalendarEvent, versions: Sequence[PastVersion]) -> EventContent:
    """Return what the event said before its last change.

    Args:
        event: as it stands.
        versions: its last ones, the newest first.

    Raises:
        NothingToUndo: it has only one.
        NotOfContent: its last change was not (only) one of content.
    """
    earlier = next((one for one in versions if one.version < event.version), None)
    if earlier is None:
        raise NothingToUndo
    content = msgspec.convert(earlier.content, EventContent)
    if earlier.state != event.state or content == content_of(event):
        raise NotOfContent
    return content


def can_be_undone(event: CalendarEvent, versions: Sequence[PastVersion]) -> bool:
    """Tell whether there is a last change of content."""
    try:
        content_before(event, versions)
    except Refused:
        return False
    return True

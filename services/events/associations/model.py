"""Says what an association may do with its events, and how much of it."""

import secrets
from datetime import datetime
from typing import Final
from uuid import UUID

import msgspec

from services.events.model import CalendarEvent
from shared.errors import NotFound, Refused

CHANGEABLE: Final = frozenset({"draft", "submitted", "returned"})
"""The states in which an association may still change its event by itself."""
MOST_OPEN: Final = 50
"""How many events of one association may wait to be finished or reviewed."""
MOST_SAVED_A_DAY: Final = 200
TOKEN_BYTES: Final = 24
"""192 random bits in a link."""


class Association(msgspec.Struct, frozen=True):
    """Whom a link belongs to."""

    organiser_id: UUID
    name: str


class OwnEvent(msgspec.Struct, frozen=True):
    """An event that an association has written."""

    event: CalendarEvent
    cancellation_reason: str
    cancellation_asked_at: datetime | None


class NotYours(NotFound):
    """There is no such event, or it is somebody else's; nobody learns which."""

    def __init__(self) -> None:
        super().__init__("Diese Veranstaltung gibt es unter Ihrem Link nicht.")


class NotChangeable(Refused):
    """The event was decided on; the editors change it now."""

    def __init__(self) -> None:
        super().__init__(
            "Diese Veranstaltung ist schon entschieden und lässt sich hier nicht mehr ändern. "
            "Bitte schreiben Sie der Redaktion."
        )


class TooManyOpen(Refused):
    """So many events of one association wait that nobody could review them."""

    def __init__(self) -> None:
        super().__init__(
            f"Es warten schon {MOST_OPEN} Ihrer Veranstaltungen. Bitte reichen Sie zuerst die "
            "Entwürfe ein oder warten Sie auf die Prüfung."
        )


class TooManyToday(Refused):
    """The link was used so often today that it can hardly be a person (429)."""

    status = 429

    def __init__(self) -> None:
        super().__init__("Für heute sind es zu viele Änderungen. Bitte versuchen Sie es morgen.")


class NothingToCancel(Refused):
    """Only what stands in the calendar and is still to come can be called off."""

    def __init__(self) -> None:
        super().__init__("Diese Veranstaltung steht nicht im Kalender oder ist schon abgesagt.")


def mint_token() -> str:
    """Return a new secret for a link: 32 characters that need no escaping in an address."""
    return secrets.token_urlsafe(TOKEN_BYTES)


def require_changeable(event: CalendarEvent) -> None:
    """Stop an association's change of what was decided on.

    Raises:
        NotChangeable: it is neither a draft nor submitted nor returned.
    """
    if event.state not in CHANGEABLE:
        raise NotChangeable


def require_room(open_events: int, saved_today: int) -> None:
    """Stop whoever writes more than anybody could review.

    Raises:
        TooManyOpen: too many events wait.
        TooManyToday: too many changes within a day.
    """
    if open_events >= MOST_OPEN:
        raise TooManyOpen
    if saved_today >= MOST_SAVED_A_DAY:
        raise TooManyToday

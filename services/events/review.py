"""Decides on the review of submitted events (Prüfung): who is answered, and how long it takes."""

from datetime import date, datetime, timedelta
from typing import Final

from dateutil.easter import easter

from services.events.content import DEFAULT_ZONE
from services.events.model import CalendarEvent
from shared.errors import Refused
from shared.ical.timezone import wall_clock

PROMISED_WORKING_DAYS: Final = 2
"""So many working days after the day of submission there is an answer. Source: domain 3.8."""
MOST_DAYS: Final = 400
"""Who has waited for longer has waited for longer."""
_FIXED_HOLIDAYS: Final = frozenset({(1, 1), (5, 1), (10, 3), (12, 25), (12, 26)})
_EASTER_HOLIDAYS: Final = (-2, 1, 39, 50)
"""Days from Easter Sunday to Good Friday, Easter Monday, Ascension Day and Whit Monday."""


class NotSubmitted(Refused):
    """The event does not wait for a review, or not any more."""

    def __init__(self) -> None:
        super().__init__("Diese Veranstaltung wartet nicht (mehr) auf eine Prüfung.")


class NobodyToReturnTo(Refused):
    """A partner's system does not read notes; its events are refused, or changed by editors."""

    def __init__(self) -> None:
        super().__init__(
            "Ein Partnersystem liest keine Begründung. Bitte lehnen Sie die Veranstaltung ab oder "
            "ändern Sie sie selbst."
        )


def require_submitted(event: CalendarEvent) -> None:
    """Stop a decision on what nobody has submitted.

    Raises:
        NotSubmitted: it is a draft, or it was decided on before.
    """
    if event.state != "submitted":
        raise NotSubmitted


def working_days_since(submitted_at: datetime, now: datetime) -> int:
    """Return how many working days have begun since the day of submission, at most about 280.

    Monday to Friday without the holidays of all of Germany, on the city's clock.
    """
    day = wall_clock(submitted_at, DEFAULT_ZONE).date()
    today = wall_clock(now, DEFAULT_ZONE).date()
    passed = min((today - day).days, MOST_DAYS)
    return sum(is_working_day(day + timedelta(days=number)) for number in range(1, passed + 1))


def is_overdue(submitted_at: datetime, now: datetime) -> bool:
    """Tell whether the promised days have passed."""
    return working_days_since(submitted_at, now) > PROMISED_WORKING_DAYS


def is_working_day(day: date) -> bool:
    """Tell whether offices work on a day in all of Germany."""
    if day.weekday() >= 5 or (day.month, day.day) in _FIXED_HOLIDAYS:  # noqa: PLR2004 - Saturday
        return False
    return (day - easter(day.year)).days not in _EASTER_HOLIDAYS

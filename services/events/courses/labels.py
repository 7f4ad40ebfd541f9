"""Says in German how runs and registrations stand, and when a run is held."""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from typing import Final

from services.events.courses.model import RegistrationState, RunState, RunTimes
from services.events.courses.store.waiting import Position
from shared.german import german_day, long_day

RUN_STATES: Final[dict[RunState, tuple[str, str]]] = {
    "planned": ("In Planung", "info"),
    "open": ("Veröffentlicht", "info"),
    "confirmed": ("Findet statt", "success"),
    "cancelled": ("Abgesagt", "danger"),
    "held": ("Beendet", "info"),
}
REGISTRATION_STATES: Final[dict[RegistrationState, tuple[str, str]]] = {
    "requested": ("Nicht bestätigt", "info"),
    "proof_pending": ("Nachweis fehlt", "warning"),
    "refused": ("Nachweis nicht anerkannt", "info"),
    "registered": ("Angemeldet", "success"),
    "waitlisted": ("Warteliste", "warning"),
    "offered": ("Platz angeboten", "warning"),
    "left": ("Nicht mehr auf der Warteliste", "info"),
    "lapsed": ("Angebot abgelaufen", "info"),
    "unserved": ("Warteliste geschlossen", "info"),
    "cancelled_in_time": ("Rechtzeitig abgemeldet", "info"),
    "cancelled_late": ("Verspätet abgemeldet", "warning"),
    "substituted": ("Platz weitergegeben", "info"),
    "attended": ("Teilgenommen", "success"),
    "absent": ("Nicht erschienen", "warning"),
}
CONSENT: Final = (
    "Ich bin einverstanden, dass mein Name und meine E-Mail-Adresse gespeichert werden, um diesen "
    "Kurs zu organisieren. Sie werden 90 Tage nach dem Kurs gelöscht."
)
CONSENT_VERSION: Final = "2026-11"
"""Of CONSENT; stored with each registration. A new text needs a new version."""
CONSENT_BY_PHONE: Final = f"{CONSENT_VERSION}-telefonisch"
"""Kept where staff have told the notice to somebody on the telephone."""
ERASURE: Final = (
    "Name, E-Mail-Adresse, Telefonnummer und Link werden sofort gelöscht.",
    "Ein Platz, der noch nicht genutzt ist, geht an die Nächsten auf der Warteliste.",
    "Für die Statistik bleibt, dass jemand angemeldet war, nicht wer.",
    "Eine Bescheinigung ist dann nicht mehr möglich.",
    "Das lässt sich nicht zurücknehmen.",
)
PROOF: Final = (
    "Dieser Kurs ist für Menschen, die sich ehrenamtlich engagieren. Bitte zeigen Sie uns einen "
    "Nachweis, zum Beispiel Ihre Ehrenamtskarte oder eine Bestätigung Ihres Vereins: am Telefon, "
    "per E-Mail oder vor Ort. Wir sehen ihn an und bewahren keine Kopie auf. Ihre Anmeldung zählt "
    "ab dem Tag, an dem wir ihn anerkannt haben."
)
RULE: Final = (
    "Es zählt die Reihenfolge, in der Anmeldungen bestätigt werden. Wird ein Platz frei, bieten "
    "wir ihn der Person an, die am längsten wartet, und halten ihn eine Zeit lang frei. Die "
    "Warteliste endet mit dem Beginn des Kurses und gilt nicht für spätere Durchgänge."
)


def when(held_on: Sequence[date], starts_at: time, ends_at: time) -> str:
    """Return when a run is held, in one line.

    Such as `Montag, 12. Januar 2027, 18:00 bis 20:30 Uhr` or `6 Termine ab Montag, …`.
    """
    first = f"{long_day(held_on[0])}, {starts_at:%H:%M} bis {ends_at:%H:%M} Uhr"
    return first if len(held_on) == 1 else f"{len(held_on)} Termine ab {first}"


def participants(minimum: int, maximum: int) -> str:
    """Return how many take part, such as `5 bis 15`."""
    if minimum == maximum:
        return str(maximum)
    return f"bis zu {maximum}" if minimum == 1 else f"{minimum} bis {maximum}"


def days(held_on: Sequence[date]) -> str:
    """Return the days as they are typed into a form, one in a line."""
    return "\n".join(german_day(day) for day in held_on)


def in_time(until: datetime, times: RunTimes) -> str:
    """Return until when one withdraws in time: `bis einschließlich Sonntag, 3. Januar 2027`."""
    if until >= times.first_starts_at:
        return "bis zum Beginn des Kurses"
    return f"bis einschließlich {long_day(until - timedelta(seconds=1), times.zone)}"


def in_words(position: Position | None) -> str:
    """Return a place on the waiting list as a person tells another; empty for who does not wait."""
    if position is None:
        return ""
    before = position.place - 1
    if before == 0:
        return "Sie sind als Nächste oder Nächster an der Reihe."
    return "Vor Ihnen wartet noch eine Person." if before == 1 else f"Vor Ihnen warten {before}."


def places(left: int, waitlisted: int) -> tuple[str, str]:
    """Return what is free, and the kind of its badge."""
    if left > 0 and not waitlisted:
        return ("1 freier Platz" if left == 1 else f"{left} freie Plätze", "success")
    return ("Ausgebucht, Warteliste möglich", "warning")


def registration(opens_at: datetime, closes_at: datetime, now: datetime) -> str:
    """Return `open`, `early` or `over`: whether one can register at this moment."""
    if now < opens_at:
        return "early"
    return "open" if now < closes_at else "over"

"""Says in German when something is."""

from datetime import date, datetime, time, timedelta
from typing import Final

from services.events.content import EventContent, duration
from services.events.store.calendar import Dated
from shared.ical.timezone import wall_clock
from shared.web.rendering import MONTHS, long_day

_EVERY: Final = {
    "DAILY": ("täglich", "Tage"),
    "WEEKLY": ("wöchentlich", "Wochen"),
    "MONTHLY": ("monatlich", "Monate"),
    "YEARLY": ("jährlich", "Jahre"),
}
STATES: Final = {
    "draft": ("Entwurf", "warning"),
    "published": ("Veröffentlicht", "success"),
    "cancelled": ("Abgesagt", "danger"),
    "postponed": ("Verschoben, neuer Termin folgt", "warning"),
}
ORIGINS: Final = {
    "editor": "Redaktion",
    "honouring": "Würdigungsveranstaltung",
    "partner": "Partnersystem",
    "course": "Kurs",
}


FIELDS: Final = {
    "title": "Titel",
    "description": "Beschreibung",
    "place_name": "Ort",
    "place_address": "Anschrift",
    "latitude": "Breite",
    "longitude": "Länge",
    "organiser": "Veranstaltet von",
    "website": "Internetadresse",
    "categories": "Rubriken",
    "starts": "Beginn",
    "ends": "Ende",
    "all_day": "Ganztägig",
    "zone": "Zeitzone",
    "recurrence": "Wiederholung",
    "excluded": "Ausgenommene Termine",
    "added": "Weitere Termine",
}


def when(dated: Dated) -> str:
    """Return day and time: `Samstag, 12. September 2026, 19:30 bis 21:30 Uhr`."""
    return _when(dated.starts, wall_clock(dated.ends_at, dated.zone), all_day=dated.all_day)


def when_is(event: EventContent) -> str:
    """Return day and time of an event's (first) date."""
    return _when(event.starts, event.starts + duration(event), all_day=event.all_day)


def _when(starts: datetime, ends: datetime, *, all_day: bool) -> str:
    if all_day:
        last = ends.date() - timedelta(days=1)
        if last <= starts.date():
            return f"{long_day(starts.date())}, ganztägig"
        return f"{long_day(starts.date())} bis {long_day(last)}"
    if ends <= starts:
        return f"{long_day(starts.date())}, {clock(starts)} Uhr"
    if ends.date() == starts.date() or ends - starts < timedelta(hours=12):
        return f"{long_day(starts.date())}, {clock(starts)} bis {clock(ends)} Uhr"
    return (
        f"{long_day(starts.date())}, {clock(starts)} Uhr bis "
        f"{long_day(ends.date())}, {clock(ends)} Uhr"
    )


def hours(dated: Dated, day: date) -> str:
    """Return the time of day for a list under its day: `19:30 – 21:30 Uhr` or `ganztägig`."""
    starts, ends = dated.starts, wall_clock(dated.ends_at, dated.zone)
    if dated.all_day:
        return "ganztägig"
    if starts.date() < day:
        return "läuft bereits"
    if ends <= starts:
        return f"{clock(starts)} Uhr"
    if ends - starts < timedelta(hours=12):
        return f"{clock(starts)} – {clock(ends)} Uhr"
    return f"ab {clock(starts)} Uhr, bis {ends.day}. {MONTHS[ends.month - 1]}"


def how_often(recurrence: str) -> str:
    """Return how often a series is repeated, such as `alle 2 Wochen`; empty for a single event."""
    if not recurrence:
        return ""
    parts = dict(part.split("=", 1) for part in recurrence.split(";"))
    once, unit = _EVERY[parts["FREQ"]]
    interval = int(parts.get("INTERVAL", "1"))
    return once if interval == 1 else f"alle {interval} {unit}"


def month_name(day: date) -> str:
    """Return `September 2026`."""
    return f"{MONTHS[day.month - 1]} {day.year}"


def clock(at: datetime | time) -> str:
    """Return `19:30`."""
    return f"{at:%H:%M}"

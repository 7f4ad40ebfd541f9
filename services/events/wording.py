"""Says in German when something is."""

from datetime import date, datetime, time, timedelta
from typing import Final

from services.events.content import DEFAULT_ZONE, EventContent, duration
from services.events.recurrence import DateOf
from services.events.store.calendar import Dated
from shared.german import MONTHS, long_day
from shared.ical.timezone import wall_clock

STATES: Final = {
    "draft": ("Entwurf", "warning"),
    "submitted": ("Eingereicht", "warning"),
    "returned": ("Zurückgegeben", "warning"),
    "refused": ("Abgelehnt", "danger"),
    "scheduled": ("Vorgemerkt", "info"),
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
    "place_id": "Ort aus der Liste",
    "organiser": "Veranstaltet von",
    "organiser_id": "Veranstalter aus der Liste",
    "website": "Internetadresse",
    "categories": "Rubriken",
    "audiences": "Zielgruppen",
    "price": "Eintritt",
    "registration_url": "Anmeldung",
    "easy_summary": "In Leichter Sprache",
    "provider": "Anbieter",
    "checked_on": "Geprüft am",
    "event_image_id": "Bild",
    "starts": "Beginn",
    "ends": "Ende",
    "all_day": "Ganztägig",
    "zone": "Zeitzone",
    "recurrence": "Wiederholung",
    "excluded": "Ausgenommene Termine",
    "added": "Weitere Termine",
    "changed": "Geänderte Termine",
}


def when(date_of: DateOf, *, all_day: bool) -> str:
    """Return day and time of one date of a series, and how it is not as the rule says."""
    said = _when(date_of.starts, date_of.ends, all_day=all_day)
    if date_of.is_cancelled:
        return f"{said} – fällt aus"
    if date_of.original == date_of.starts:
        return said
    was = date_of.original
    hour = "" if all_day else f", {clock(was)} Uhr"
    return f"{said} – verlegt, war {was.day}. {MONTHS[was.month - 1]}{hour}"


def when_dated(dated: Dated) -> str:
    """Return day and time of one date as lists have it."""
    said = _when(dated.starts, wall_clock(dated.ends_at, dated.zone), all_day=dated.all_day)
    return said + elsewhere(dated)


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


def day_phrase(day: date, today: date) -> str:
    """Return a day for a heading, near ones by name: `Heute, Donnerstag, 26. November 2026`."""
    near = {today: "Heute, ", today + timedelta(days=1): "Morgen, "}
    return near.get(day, "") + long_day(day)


def hours(dated: Dated, day: date) -> str:
    """Return the time of day for a list under its day: `19:30 – 21:30 Uhr` or `ganztägig`."""
    starts, ends = dated.starts, wall_clock(dated.ends_at, dated.zone)
    if dated.all_day:
        return "ganztägig"
    if starts.date() < day:
        return "läuft bereits"
    if ends <= starts:
        said = f"{clock(starts)} Uhr"
    elif ends - starts < timedelta(hours=12):
        said = f"{clock(starts)} – {clock(ends)} Uhr"
    else:
        said = f"ab {clock(starts)} Uhr, bis {ends.day}. {MONTHS[ends.month - 1]}"
    return said + elsewhere(dated)


def elsewhere(dated: Dated) -> str:
    """Return whose clock a date's hours are on, and what the city's shows; empty if it is that.

    Partners' series may stand in UTC: its bare hour would send people there too early or too late.
    """
    here = wall_clock(dated.starts_at, DEFAULT_ZONE)
    if dated.all_day or here == dated.starts:
        return ""
    day = "" if here.date() == dated.starts.date() else f"{here.day}. {MONTHS[here.month - 1]}, "
    return f" (Zeitzone {dated.zone}, hier {day}{clock(here)} Uhr)"


def month_name(day: date) -> str:
    """Return `September 2026`."""
    return f"{MONTHS[day.month - 1]} {day.year}"


def clock(at: datetime | time) -> str:
    """Return `19:30`."""
    return f"{at:%H:%M}"

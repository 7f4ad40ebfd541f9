"""Writes dates, times and numbers as Germans do."""

from datetime import date, datetime, time
from typing import Final
from zoneinfo import ZoneInfo

ZONE: Final = ZoneInfo("Europe/Berlin")
"""The clock that pages show where no other zone is named."""
WEEKDAYS: Final = (
    "Montag", "Dienstag", "Mittwoch", "Donnerstag", "Freitag", "Samstag", "Sonntag",
)  # fmt: skip
MONTHS: Final = (
    "Januar", "Februar", "März", "April", "Mai", "Juni",
    "Juli", "August", "September", "Oktober", "November", "Dezember",
)  # fmt: skip


def german_number(value: float) -> str:
    """Return a number with dots between thousands and a decimal comma: 1757 as `1.757`."""
    return f"{value:,}".translate(str.maketrans(",.", ".,"))


def counted(number: int, one: str, many: str, none: str | None = None) -> str:
    """Return a number with the word for one or for many: `1 Brief`, `1.757 Briefe`.

    Where there are none, that is `0 Briefe`, or `none` if it is given.
    """
    if number == 0 and none is not None:
        return none
    return f"{german_number(number)} {one if number == 1 else many}"


def local(at: datetime, zone: str | None = None) -> datetime:
    """Return an instant on the wall clock of a zone, the city's if none is named."""
    return at.astimezone(ZoneInfo(zone) if zone else ZONE)


def german_day(value: date | datetime | None, zone: str | None = None) -> str:
    """Return a day as `07.02.2026`; an instant is taken to the wall clock first."""
    if value is None:
        return ""
    shown = local(value, zone) if isinstance(value, datetime) else value
    return f"{shown:%d.%m.%Y}"


def short_day(value: date | datetime, zone: str | None = None) -> str:
    """Return a day with its weekday, as lists show it: `Sa., 07.02.2026`."""
    return f"{weekday(value, zone)[:2]}., {german_day(value, zone)}"


def weekday(value: date | datetime, zone: str | None = None) -> str:
    """Return the weekday's German name."""
    shown = local(value, zone) if isinstance(value, datetime) else value
    return WEEKDAYS[shown.weekday()]


def long_day(value: date | datetime, zone: str | None = None) -> str:
    """Return a day as `Samstag, 7. Februar 2026`."""
    shown = local(value, zone) if isinstance(value, datetime) else value
    return f"{WEEKDAYS[shown.weekday()]}, {shown.day}. {MONTHS[shown.month - 1]} {shown.year}"


def clock(value: time | datetime | None, zone: str | None = None) -> str:
    """Return a time of day as `19:30`; an instant is taken to the wall clock first."""
    if value is None:
        return ""
    shown = local(value, zone) if isinstance(value, datetime) else value
    return f"{shown:%H:%M}"


def moment(value: datetime | None, zone: str | None = None) -> str:
    """Return an instant as `07.02.2026, 19:30 Uhr`."""
    return f"{german_day(value, zone)}, {clock(value, zone)} Uhr" if value else ""

"""Says in German how often a series takes place."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from services.events.content import DEFAULT_ZONE
from services.events.recurrence_rule import WEEKDAYS
from shared.german import MONTHS
from shared.german import WEEKDAYS as WEEKDAY_NAMES
from shared.ical.timezone import wall_clock

_EVERY: Final = {
    "DAILY": ("täglich", "Tage"),
    "WEEKLY": ("wöchentlich", "Wochen"),
    "MONTHLY": ("monatlich", "Monate"),
    "YEARLY": ("jährlich", "Jahre"),
}


def how_often(recurrence: str, zone: str = DEFAULT_ZONE) -> str:
    """Return how often a series is repeated; empty for a single event.

    Such as `alle 2 Wochen am Montag und Mittwoch, bis 12.12.2026`, `monatlich am 2. Dienstag`.
    """
    if not recurrence:
        return ""
    parts = dict(part.split("=", 1) for part in recurrence.split(";"))
    once, unit = _EVERY[parts["FREQ"]]
    interval = int(parts.get("INTERVAL", "1"))
    said = [once if interval == 1 else f"alle {interval} {unit}", *_days(parts), *_months(parts)]
    if "BYSETPOS" in parts:
        said.append(f"(davon jeweils {_joined(_numbers(parts['BYSETPOS']))})")
    return " ".join(said) + _end(parts, zone)


def _days(parts: dict[str, str]) -> list[str]:
    said = []
    if "BYDAY" in parts:
        said.append("am " + _joined([_weekday(day) for day in parts["BYDAY"].split(",")]))
    if "BYMONTHDAY" in parts:
        said.append("am " + _joined(_numbers(parts["BYMONTHDAY"], " Tag")))
    return said


def _weekday(day: str) -> str:
    name = WEEKDAY_NAMES[WEEKDAYS.index(day[-2:])]
    return f"{_numbers(day[:-2])[0]} {name}" if day[:-2] else name


def _numbers(values: str, of_last: str = "") -> list[str]:
    said = []
    for value in map(int, values.split(",")):
        if value > 0:
            said.append(f"{value}.")
        else:
            said.append(("letzten" if value == -1 else f"{-value}.-letzten") + of_last)
    return said


def _months(parts: dict[str, str]) -> list[str]:
    if "BYMONTH" not in parts:
        return []
    return ["im " + _joined([MONTHS[int(month) - 1] for month in parts["BYMONTH"].split(",")])]


def _end(parts: dict[str, str], zone: str) -> str:
    if "COUNT" in parts:
        count = int(parts["COUNT"])
        return ", insgesamt 1 Termin" if count == 1 else f", insgesamt {count} Termine"
    if "UNTIL" not in parts:
        return ""
    until = datetime.fromisoformat(parts["UNTIL"])
    return f", bis {wall_clock(until, zone) if until.tzinfo else until:%d.%m.%Y}"


def _joined(words: Sequence[str]) -> str:
    return " und ".join([*([", ".join(words[:-1])] if words[:-1] else []), words[-1]])

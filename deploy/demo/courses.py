"""Holds two courses of the made-up city, each with a run, and the people who take part."""

from datetime import date, datetime, time, timedelta
from typing import Final

import msgspec

from services.events.content import DEFAULT_ZONE
from services.events.courses.model import CourseTexts, RunPlace, RunTerms, RunTimes
from services.events.courses.store.registrations import Applicant
from shared.ical.timezone import instant

PLACE: Final = RunPlace(
    place_name="Volkshochschule Elbstadt, Raum 2.04", place_address="Lindenplatz 10, 01067 Elbstadt"
)
ORGANISER: Final = "Volkshochschule Elbstadt"
NAMES: Final = (
    "Wiebke Tannhof", "Ottokar Lindgrün", "Svea Birkenfeld", "Malte Rosenacker", "Jorinde Kiesel",
    "Till Wacholder", "Edda Sonnenberg", "Ruven Haselmaus", "Fenja Moosbach",
)  # fmt: skip


class DemoCourse(msgspec.Struct, frozen=True, kw_only=True):
    """A course with one run and those who want to take part, in the order of their registration."""

    texts: CourseTexts
    times: RunTimes
    place: RunPlace
    terms: RunTerms
    applicants: list[Applicant]


def invent_courses(now: datetime) -> list[DemoCourse]:
    """Invent two courses: one with free places, one that is full with a waiting list.

    Args:
        now: registration has been open for a week; the runs are in five and six weeks.
    """
    today = now.date()
    return [
        DemoCourse(
            texts=CourseTexts(
                title="Spenden richtig quittieren",
                description="Was eine Zuwendungsbestätigung enthalten muss, wer sie ausstellen "
                "darf und welche Fehler teuer werden. Mit Übungen an Beispielen.",
                prerequisites="Keine. Bringen Sie gern Fragen aus Ihrem Verein mit.",
                organiser=ORGANISER,
                price="kostenlos für Engagierte",
            ),
            times=_evenings(today + timedelta(days=35), 2),
            place=PLACE,
            terms=_terms(now, 35, minimum=5, maximum=15),
            applicants=_applicants(NAMES[:4]),
        ),
        DemoCourse(
            texts=CourseTexts(
                title="Schwierige Gespräche im Vorstand",
                description="Zuhören, Grenzen setzen, zu einem Ergebnis kommen: ein Abend zum "
                "Ausprobieren in kleiner Runde.",
                organiser=ORGANISER,
                price="5 Euro für Getränke",
            ),
            times=_evenings(today + timedelta(days=42), 1),
            place=PLACE,
            terms=_terms(now, 42, minimum=3, maximum=3),
            applicants=_applicants(NAMES[4:]),
        ),
    ]


def _evenings(first: date, count: int) -> RunTimes:
    return RunTimes(
        held_on=[first + timedelta(days=7 * number) for number in range(count)],
        starts_at=time(18),
        ends_at=time(20, 30),
    )


def _terms(now: datetime, days_ahead: int, *, minimum: int, maximum: int) -> RunTerms:
    closes_on = now.date() + timedelta(days=days_ahead - 3)
    return RunTerms(
        minimum=minimum,
        maximum=maximum,
        opens_at=now - timedelta(days=7),
        closes_at=instant(datetime.combine(closes_on, time(18)), DEFAULT_ZONE),
        withdrawal_days=7,
        offer_hours=48,
    )


def _applicants(names: tuple[str, ...]) -> list[Applicant]:
    return [
        Applicant(name=name, email=f"{_address(name)}@example.org", consent="demo")
        for name in names
    ]


def _address(name: str) -> str:
    return name.lower().replace(" ", ".").replace("ü", "ue")

"""Decides whether what staff plan about a course makes sense."""

from datetime import timedelta
from typing import Final

from services.events.courses.model import CourseTexts, RunPlace, RunTerms, RunTimes
from shared.errors import Malformed

MOST_DAYS: Final = 60
LONGEST: Final = timedelta(days=366)
EARLIEST_YEAR, LATEST_YEAR = 2000, 2100


def checked_texts(texts: CourseTexts) -> CourseTexts:
    """Return the texts if they say something.

    Raises:
        Malformed: names the field.
    """
    if not texts.title.strip():
        raise Malformed("Bitte geben Sie einen Titel an.", "title")
    return texts


def checked_times(times: RunTimes) -> RunTimes:
    """Return the times if they make sense.

    Raises:
        Malformed: names the first field that does not.
    """
    days = times.held_on
    if not days or len(days) > MOST_DAYS:
        raise Malformed(f"Bitte 1 bis {MOST_DAYS} Tage angeben.", "held_on")
    if any(not EARLIEST_YEAR <= day.year < LATEST_YEAR for day in days):
        raise Malformed("Die Tage müssen zwischen 2000 und 2099 liegen.", "held_on")
    if days != sorted(set(days)):
        raise Malformed("Bitte jeden Tag nur einmal und in der richtigen Reihenfolge.", "held_on")
    if days[-1] - days[0] > LONGEST:
        raise Malformed("Ein Durchgang dauert höchstens ein Jahr.", "held_on")
    if times.ends_at <= times.starts_at:
        raise Malformed("Das Ende muss nach dem Beginn liegen.", "ends_at")
    return times


def checked_terms(terms: RunTerms, times: RunTimes) -> RunTerms:
    """Return the terms if they go together and with the times.

    Raises:
        Malformed: names the first field that does not.
    """
    if terms.maximum < terms.minimum:
        raise Malformed("Es muss mindestens so viele Plätze wie Teilnehmende geben.", "maximum")
    if terms.closes_at <= terms.opens_at:
        raise Malformed("Das Ende der Anmeldung muss nach ihrem Beginn liegen.", "closes_at")
    if terms.closes_at > times.first_starts_at:
        raise Malformed("Die Anmeldung endet spätestens mit dem Beginn des Kurses.", "closes_at")
    return terms


def checked_place(place: RunPlace) -> RunPlace:
    """Return the place if it has a name.

    Raises:
        Malformed: it has none.
    """
    if not place.place_name.strip():
        raise Malformed("Bitte geben Sie an, wo der Kurs stattfindet.", "place_name")
    return place

"""Invents what the city's theatre, its adult education centre and a district have on."""

import random
from datetime import date, datetime, time, timedelta

import msgspec

PLAYS = (
    "Der Birnbaum im Hof",
    "Nachtfähre",
    "Die Kunst des Wartens",
    "Elbhochzeit",
    "Drei Stühle",
    "Kasper und der gestohlene Mond",
    "Wintergäste",
    "Das Haus am Deich",
)
COURSES = (
    "Buchführung für Vereine",
    "Erste Hilfe am Kind",
    "Spenden und Quittungen",
    "Leichte Sprache schreiben",
    "Versichert im Ehrenamt",
    "Öffentlichkeitsarbeit ohne Budget",
    "Konflikte im Vorstand",
    "Datenschutz im Verein",
)
GATHERINGS = (
    "Aufräumen am Bach",
    "Flohmarkt der Nachbarn",
    "Sprechstunde Ehrenamt",
    "Baumpflanzen",
    "Spieleabend für Familien",
    "Fest am Teich",
    "Offener Chorabend",
    "Reparaturcafé",
)
TOPICS = {
    **dict.fromkeys(PLAYS, "Theater"),
    **dict.fromkeys(COURSES, "Bildung"),
    **dict.fromkeys(("Aufräumen am Bach", "Baumpflanzen", "Reparaturcafé"), "Umwelt"),
    **dict.fromkeys(("Flohmarkt der Nachbarn", "Fest am Teich"), "Feste"),
    "Kasper und der gestohlene Mond": "Kinder",
    "Sprechstunde Ehrenamt": "Ehrenamt",
    "Spieleabend für Familien": "Familie",
    "Offener Chorabend": "Musik",
}
"""In a word of the calendar's own list, what each is about."""
FIRST_DAY, LAST_DAY = 1, 90
"""From tomorrow to three months ahead, so that this week and this month are not empty."""


class Occasion(msgspec.Struct, frozen=True, kw_only=True):
    """Something that is on."""

    number: str
    title: str
    description: str
    topic: str
    place_name: str
    place_address: str
    starts_at: datetime
    """By the clock of Europe/Berlin, without an offset."""
    ends_at: datetime


def plays(dice: random.Random, today: date) -> list[Occasion]:
    """Invent the theatre's evenings, twelve of them, soonest first."""
    return _occasions(
        dice, today, ("stueck", PLAYS, "Ein Abend im Kleinen Haus, mit Publikumsgespräch."), 12
    )


def courses(dice: random.Random, today: date) -> list[Occasion]:
    """Invent the adult education centre's courses for volunteers, twelve of them."""
    return _occasions(
        dice, today, ("kurs", COURSES, "Für Ehrenamtliche kostenlos; bitte anmelden."), 12
    )


def gatherings(dice: random.Random, today: date) -> list[Occasion]:
    """Invent what a district does together, twelve of them."""
    return _occasions(
        dice, today, ("treff", GATHERINGS, "Alle sind willkommen, Helfende besonders."), 12
    )


PLACES = {
    "stueck": ("Kleines Haus", "Glockengasse 3, 01069 Elbstadt"),
    "kurs": ("Volkshochschule Elbstadt", "Lindenplatz 10, 01067 Elbstadt"),
    "treff": ("Stadtteilhaus Ziegelei", "Ziegelscheune 7, 01129 Elbstadt"),
}


def _occasions(
    dice: random.Random, today: date, kind: tuple[str, tuple[str, ...], str], count: int
) -> list[Occasion]:
    prefix, titles, description = kind
    place_name, place_address = PLACES[prefix]
    days = sorted(dice.sample(range(FIRST_DAY, LAST_DAY), count))
    occasions = []
    for index, day in enumerate(days):
        starts_at = datetime.combine(
            today + timedelta(days=day),
            time(dice.choice((10, 15, 17, 18, 19)), dice.choice((0, 30))),
        )
        occasions.append(
            Occasion(
                number=f"{prefix}-{index + 1}",
                title=titles[index % len(titles)],
                description=description,
                topic=TOPICS[titles[index % len(titles)]],
                place_name=place_name,
                place_address=place_address,
                starts_at=starts_at,
                ends_at=starts_at + timedelta(minutes=dice.choice((60, 90, 120, 150))),
            )
        )
    return occasions

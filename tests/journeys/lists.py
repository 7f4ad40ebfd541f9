"""Writes the lists of people, associations and engagements that a journey brings along."""

import csv
import io
from collections.abc import Sequence
from typing import Final

import msgspec

_FIRST: Final = (
    "Anke",
    "Bernd",
    "Carla",
    "Dirk",
    "Elke",
    "Falk",
    "Gerda",
    "Henning",
    "Ilse",
    "Jörg",
)
_ENDS: Final = ("bach", "berg", "feld", "hagen", "hof", "mann", "röder", "stein", "tal", "wald")

PERSON_COLUMNS: Final = {
    "Personennummer": "number",
    "Anrede": "salutation",
    "Vorname": "given_name",
    "Nachname": "family_name",
    "E-Mail": "email",
    "Straße": "street",
    "PLZ": "postal_code",
    "Ort": "town",
}
"""The fields of a person by the title of their column."""


class Person(msgspec.Struct, frozen=True, kw_only=True):
    """One line of the list of people."""

    number: str
    given_name: str
    family_name: str
    salutation: str = "Frau"
    email: str
    street: str = "Gartenweg 3"
    postal_code: str = "01099"
    town: str = "Elbstadt"

    @property
    def name(self) -> str:
        """Return how the person is called."""
        return f"{self.given_name} {self.family_name}"


class Association(msgspec.Struct, frozen=True, kw_only=True):
    """One line of the list of associations."""

    number: str
    name: str
    email: str
    street: str = "Vereinsweg 5"
    postal_code: str = "01097"
    town: str = "Elbstadt"


class Lists(msgspec.Struct, frozen=True):
    """An association and the people who volunteer there."""

    association: Association
    people: tuple[Person, ...]


def associations_csv(*every: Lists) -> bytes:
    """Return the list of associations as UTF-8 with semicolons."""
    heads = ("Vereinsnummer", "Name", "Bereich", "E-Mail", "Straße", "PLZ", "Ort")
    field = "Sport und Bewegung"
    return written(
        heads,
        [
            (one.number, one.name, field, one.email, one.street, one.postal_code, one.town)
            for one in (each.association for each in every)
        ],
    )


def people_csv(*every: Lists) -> bytes:
    """Return the list of people in Windows-1252 with commas, as an old program writes it."""
    lines = [
        [getattr(one, field) for field in PERSON_COLUMNS.values()]
        for each in every
        for one in each.people
    ]
    return written(list(PERSON_COLUMNS), lines, separator=",", encoding="cp1252")


def engagements_csv(*every: Lists) -> bytes:
    """Return who volunteers where since when, in UTF-8 with its mark."""
    heads = ("Nummer", "Personennummer", "Vereinsnummer", "Stunden pro Woche", "Seit")
    lines = [
        (f"E-{one.number}", one.number, each.association.number, "2,5", "01.03.2015")
        for each in every
        for one in each.people
    ]
    return written(heads, lines, encoding="utf-8-sig")


def lists(word: str, many: int, *, letters: int = 0) -> Lists:
    """Make up an association and `many` of its people, the last `letters` without e-mail.

    Args:
        word: begins all their names, so that every journey has its own people; letters only.
        many: at most a hundred.
        letters: how many can only be reached by letter.
    """
    people = tuple(
        Person(
            number=f"P-{word}-{number:03}",
            given_name=_FIRST[number % 10],
            family_name=f"{word}{_ENDS[number // 10]}{_ENDS[number % 10]}",
            email="" if number >= many - letters else f"{word.lower()}{number}@post.example",
        )
        for number in range(many)
    )
    association = Association(
        number=f"V-{word}", name=f"Verein {word} e. V.", email=f"verein@{word.lower()}.example"
    )
    return Lists(association, people)


def written(
    heads: Sequence[str],
    lines: Sequence[Sequence[str]],
    *,
    separator: str = ";",
    encoding: str = "utf-8",
) -> bytes:
    """Return a CSV file."""
    text = io.StringIO(newline="")
    csv.writer(text, delimiter=separator).writerows([heads, *lines])
    return text.getvalue().encode(encoding)


TOWN: Final = {
    word: lists(word, many, letters=letters)
    for word, many, letters in (
        ("Ahorn", 3, 0),
        ("Birken", 4, 0),
        ("Erlen", 3, 2),
        ("Fichten", 12, 0),
        ("Kiefern", 16, 0),
    )
}
"""Those whom most journeys are about, by the word that all their names begin with."""

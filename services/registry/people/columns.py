"""Says which columns a list of people has."""

from collections.abc import Sequence
from datetime import date
from typing import Final

from services.registry import values
from services.registry.columns import ADDRESS, Column, Problem, Table, advise_reachable
from services.registry.people.model import PersonRow, Salutation
from services.registry.spelling import folded

_SALUTATIONS: Final[dict[Salutation, str]] = {
    "Frau": "frau,fr,fr.,w,weiblich,mrs,ms",
    "Herr": "herr,herrn,hr,hr.,m,maennlich,mr",
    "": ",-,d,divers,keine,ohne,x",
}
_WRITTEN: Final = {
    word: salutation for salutation, words in _SALUTATIONS.items() for word in words.split(",")
}


def read_salutation(cell: str) -> Salutation:
    """Return "Frau", "Herr" or nothing, also from the usual abbreviations.

    Raises:
        Unreadable: anything else.
    """
    salutation = _WRITTEN.get(folded(values.read_text(cell)))
    if salutation is None:
        raise values.Unreadable("Erlaubt sind „Frau“, „Herr“ oder nichts.")
    return salutation


def _check(row: PersonRow, today: date) -> Sequence[Problem]:
    if row.born_on and row.born_on > today:
        return [("born_on", "Das Geburtsdatum liegt in der Zukunft.")]
    return ()


PEOPLE: Final = Table(
    kind="people",
    title="Personen",
    row=PersonRow,
    check=_check,
    advise=advise_reachable,
    columns=(
        Column(
            field="source_number",
            title="Personennummer",
            other_names="Nummer,Nr,Personennr,Mitgliedsnummer,number,id,person_number",
            read=values.read_source_number,
            most=40,
            is_required=True,
            example="P-00001",
            note="Bleibt in jeder Liste gleich; daran wird die Person wiedererkannt.",
        ),
        Column(
            field="salutation",
            title="Anrede",
            other_names="Geschlecht",
            read=read_salutation,
            example="Frau",
            note="Frau, Herr oder leer.",
        ),
        Column(
            field="given_name",
            title="Vorname",
            other_names="Rufname,first name,firstname",
            read=values.read_name,
            most=100,
            is_required=True,
            example="Erika",
        ),
        Column(
            field="family_name",
            title="Nachname",
            other_names="Name,Familienname,last name,lastname,surname",
            read=values.read_name,
            most=100,
            is_required=True,
            example="Beispiel",
        ),
        *ADDRESS,
        Column(
            field="born_on",
            title="Geburtsdatum",
            other_names="geboren am,geb,Geburtstag,birthday,date of birth",
            read=values.read_date,
            most=30,
            example="24.12.1960",
            note="Nur, wo es gebraucht wird.",
        ),
    ),
)

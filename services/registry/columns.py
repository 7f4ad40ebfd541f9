"""Says how the columns of a file, or the fields of a form, become a row.

The first line of a file names its columns, in any order. A column is found under its German title
or one of its other names; letter case, blanks, dots and dashes do not matter. Columns that are not
known are left out, and the result says so. The columns themselves stand with their subjects:
`people/columns.py`, `organisations/columns.py`, `engagements/columns.py`.
"""

from collections.abc import Callable, Sequence
from datetime import date
from re import compile as pattern
from typing import Any, Final, Literal, TypeAlias

import msgspec

from services.registry import values
from services.registry.spelling import folded

Kind = Literal["organisations", "people", "engagements"]
Problem: TypeAlias = tuple[str, str]
"""A field of the row, and the reason in German."""

_NOT_NAME: Final = pattern(r"[^a-z0-9]")


class Column(msgspec.Struct, frozen=True, kw_only=True):
    """One column of a file, and the field of the row that it fills."""

    field: str
    title: str
    """As it stands in the template."""
    other_names: str = ""
    """Under which it is found too, separated by commas."""
    read: Callable[[str], Any] = values.read_text
    show: Callable[[Any], str] = values.written
    """The way back, from the row's value to what a person reads."""
    most: int = 200
    """Most characters of a cell."""
    is_required: bool = False
    """Whether the column must be there and no cell may be empty."""
    example: str = ""
    note: str = ""
    """What somebody who fills in the template should know."""

    @property
    def names(self) -> set[str]:
        """Return the names under which it is found, without what does not matter."""
        return {bare_name(name) for name in (self.title, self.field, *self.other_names.split(","))}


class Table(msgspec.Struct, frozen=True, kw_only=True):
    """One kind of file: its columns, and the Struct that a line of it becomes."""

    kind: Kind
    title: str
    columns: tuple[Column, ...]
    row: type[msgspec.Struct]
    check: Callable[[Any, date], Sequence[Problem]] = lambda _row, _today: ()
    """What is wrong with a row whose cells are right one by one; the date is today."""
    advise: Callable[[Any], Sequence[Problem]] = lambda _row: ()
    """What is worth a look, though the row can be taken."""

    @property
    def findable(self) -> tuple[Column, ...]:
        """Return the columns that a file may have: the house number may stand by itself."""
        has_street = any(column.field == "street" for column in self.columns)
        return (*self.columns, HOUSE_NUMBER) if has_street else self.columns

    @property
    def titles(self) -> dict[str, str]:
        """Return the German title of each field."""
        return {column.field: column.title for column in self.columns}

    def column(self, field: str) -> Column:
        """Return the column that fills a field of the row."""
        return next(column for column in self.columns if column.field == field)


def bare_name(text: str) -> str:
    """Return a column's name without what does not matter: Straße / Haus-Nr. → strassehausnr."""
    return _NOT_NAME.sub("", folded(text))


def template(table: Table) -> bytes:
    """Return an example file in the form that German Excel opens: UTF-8 with BOM, semicolons."""
    titles = [column.title for column in table.columns]
    examples = [column.example for column in table.columns]
    return "".join(";".join(line) + "\r\n" for line in (titles, examples)).encode("utf-8-sig")


def advise_reachable(row: Any) -> Sequence[Problem]:
    """Warn of a person or an organisation that neither a mail nor a letter would reach."""
    if row.email or row.has_address:
        return ()
    return [("email", "Ohne E-Mail und ohne vollständige Anschrift ist niemand erreichbar.")]


HOUSE_NUMBER: Final = Column(
    field="house_number", title="Hausnummer", other_names="Hausnr", most=20
)
"""Not in the template; where a file has it, it is put behind the street."""

ADDRESS: Final = (
    Column(
        field="email",
        title="E-Mail",
        other_names="Mail,E-Mail-Adresse,Mailadresse,email address,e_mail",
        read=values.read_email,
        most=254,
        example="kontakt@example.org",
        note="Darf leer sein; dann wird ein Brief geschrieben.",
    ),
    Column(
        field="street",
        title="Straße",
        other_names="Straße und Hausnummer,Straße Hausnr,Straße Nr,Str,Anschrift,Adresse,address",
        example="Beispielweg 12 a",
        note="Mit Hausnummer, oder diese in einer eigenen Spalte „Hausnummer“.",
    ),
    Column(
        field="postal_code",
        title="PLZ",
        other_names="Postleitzahl,zip,zip code,postcode",
        read=values.read_postal_code,
        most=20,
        example="01067",
        note="Fünf Ziffern, mit führender Null.",
    ),
    Column(field="town", title="Ort", other_names="Stadt,Wohnort,city", example="Dresden"),
)
"""How somebody is reached, the same for people and organisations."""

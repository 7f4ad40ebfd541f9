"""Reads the tables that people have filled in with a spreadsheet."""

import csv
import io
from typing import Final

from shared.errors import Malformed

MOST_BYTES: Final = 2_000_000


class SheetUnreadable(Malformed):
    """The file is not a table that we can read."""


def read_sheet(content: bytes) -> list[dict[str, str]]:
    """Return the rows of a CSV file by their header, in lower case, without blanks around cells.

    UTF-8 or Windows-1252, semicolons or commas. Empty rows are left out.

    Raises:
        SheetUnreadable: it is no such file.
    """
    if len(content) > MOST_BYTES:
        raise SheetUnreadable("Die Datei ist zu groß für eine Tabelle.", "file")
    text = _decoded(content)
    if "\0" in text or not text.strip():
        raise SheetUnreadable("Das ist keine Tabelle im Format CSV.", "file")
    first_line = text.split("\n", maxsplit=1)[0]
    delimiter = ";" if first_line.count(";") >= first_line.count(",") else ","
    try:
        lines = list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter))
    except csv.Error as error:
        raise SheetUnreadable("Das ist keine Tabelle im Format CSV.", "file") from error
    header = [cell.strip().lower() for cell in lines[0]]
    return [
        dict(zip(header, (cell.strip() for cell in line), strict=False))
        for line in lines[1:]
        if any(cell.strip() for cell in line)
    ]


def _decoded(content: bytes) -> str:
    for encoding in ("utf-8-sig", "cp1252"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise SheetUnreadable("Die Zeichen der Datei sind nicht lesbar. Bitte als UTF-8 speichern.")

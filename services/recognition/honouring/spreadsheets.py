"""Writes and reads the tables that people open in a spreadsheet."""

import csv
import io
from collections.abc import Iterable, Sequence
from typing import Final

from shared.errors import Malformed

MOST_BYTES: Final = 2_000_000
_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")


class SheetUnreadable(Malformed):
    """The file is not a table that we can read."""


def write_sheet(header: Sequence[str], rows: Iterable[Sequence[object]]) -> bytes:
    """Return a CSV file as German spreadsheets open it: semicolons, UTF-8 with a mark.

    A cell that a spreadsheet would take for a formula gets an apostrophe before it.

    Source: OWASP ASVS 5.0, 1.2.10.
    """
    text = io.StringIO()
    writer = csv.writer(text, delimiter=";", lineterminator="\r\n")
    writer.writerow(header)
    writer.writerows([_harmless(cell) for cell in row] for row in rows)
    return "\ufeff".encode() + text.getvalue().encode()


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


def _harmless(cell: object) -> str:
    text = "" if cell is None else str(cell)
    return f"'{text}" if text.startswith(_FORMULA) else text

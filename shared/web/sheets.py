"""Writes the tables that people take along and open in a spreadsheet."""

import csv
import io
from collections.abc import Iterable, Sequence
from typing import Final

from litestar import Response

MEDIA_TYPE: Final = "text/csv"
MARK: Final = "\ufeff".encode()
"""Stands at the beginning, for Excel would take the file for Windows-1252 without it."""
_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")


def write_sheet(header: Sequence[str], rows: Iterable[Sequence[object]]) -> bytes:
    """Return a CSV file as German spreadsheets open it: semicolons, UTF-8 with a mark."""
    return MARK + write_rows([header]) + write_rows(rows)


def write_rows(rows: Iterable[Sequence[object]]) -> bytes:
    """Return lines of a CSV file; None is an empty cell.

    A cell that a spreadsheet would take for a formula gets an apostrophe before it.

    Source: OWASP ASVS 5.0, 1.2.10.
    """
    text = io.StringIO()
    writer = csv.writer(text, delimiter=";", lineterminator="\r\n")
    writer.writerows([_harmless(cell) for cell in row] for row in rows)
    return text.getvalue().encode()


def csv_answer(
    name: str, header: Sequence[str], rows: Iterable[Sequence[object]]
) -> Response[bytes]:
    """Return a table as an answer that the browser saves as `<name>.csv`."""
    return Response(write_sheet(header, rows), media_type=MEDIA_TYPE, headers=saved_as(name))


def saved_as(name: str) -> dict[str, str]:
    """Return the header by which a browser saves an answer as `<name>.csv`."""
    return {"content-disposition": f'attachment; filename="{name}.csv"'}


def _harmless(cell: object) -> str:
    text = "" if cell is None else str(cell)
    return f"'{text}" if text.startswith(_FORMULA) else text

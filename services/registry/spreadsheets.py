"""Writes the tables that people open in a spreadsheet."""

import csv
import io
from collections.abc import AsyncIterable, AsyncIterator, Iterable, Sequence
from typing import Any, Final

from litestar.response import Stream

from services.registry.columns import Table

_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")
_ROWS_AT_ONCE: Final = 500


async def sheet(
    header: Sequence[str], rows: AsyncIterable[Sequence[object]]
) -> AsyncIterator[bytes]:
    """Yield a CSV file, piece by piece, as German Excel opens it: UTF-8 with BOM, semicolons.

    A cell that a spreadsheet would take for a formula gets an apostrophe before it.

    Source: OWASP ASVS 5.0, 1.2.10.
    """
    yield "\ufeff".encode() + written([header])
    some: list[Sequence[object]] = []
    async for row in rows:
        some.append(row)
        if len(some) == _ROWS_AT_ONCE:
            yield written(some)
            some = []
    yield written(some)


def written(rows: Iterable[Sequence[object]]) -> bytes:
    """Return lines of a CSV file."""
    text = io.StringIO()
    writer = csv.writer(text, delimiter=";", lineterminator="\r\n")
    writer.writerows([_harmless(cell) for cell in row] for row in rows)
    return text.getvalue().encode()


def cells(table: Table, record: Any) -> list[str]:
    """Return a record as a line of the list that it could be imported from again."""
    return [column.show(getattr(record, column.field)) for column in table.columns]


def download(name: str, pieces: AsyncIterator[bytes]) -> Stream:
    """Return a CSV file as an answer that the browser saves under this name."""
    return Stream(
        pieces,
        media_type="text/csv; charset=utf-8",
        headers={"content-disposition": f'attachment; filename="{name}.csv"'},
    )


def _harmless(cell: object) -> str:
    text = "" if cell is None else str(cell)
    return f"'{text}" if text.startswith(_FORMULA) else text

"""Writes the tables that people open in a spreadsheet."""

from collections.abc import AsyncIterable, AsyncIterator, Sequence
from typing import Any, Final

from litestar.response import Stream

from services.registry.columns import Table
from shared.web.sheets import MARK, MEDIA_TYPE, saved_as, write_rows

_ROWS_AT_ONCE: Final = 500


async def sheet(
    header: Sequence[str], rows: AsyncIterable[Sequence[object]]
) -> AsyncIterator[bytes]:
    """Yield a CSV file, piece by piece."""
    yield MARK + write_rows([header])
    some: list[Sequence[object]] = []
    async for row in rows:
        some.append(row)
        if len(some) == _ROWS_AT_ONCE:
            yield write_rows(some)
            some = []
    yield write_rows(some)


def cells(table: Table, record: Any) -> list[str]:
    """Return a record as a line of the list that it could be imported from again."""
    return [column.show(getattr(record, column.field)) for column in table.columns]


def download(name: str, pieces: AsyncIterator[bytes]) -> Stream:
    """Return a CSV file as an answer that the browser saves under this name."""
    return Stream(pieces, media_type=MEDIA_TYPE, headers=saved_as(name))

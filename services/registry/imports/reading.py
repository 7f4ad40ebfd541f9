"""Turns the records of a file into rows, with a finding for every cell that is wrong."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any, Final

import msgspec

from services.registry.columns import Problem, Table, bare_name
from services.registry.findings import Finding, hints, rejection, showable
from services.registry.imports.csv_files import FileRefused, Layout, Record, find_layout, records
from services.registry.imports.tables import TABLES
from services.registry.rows import read_row

MOST_ROWS: Final = 200_000


class Line(msgspec.Struct, frozen=True):
    """What became of one record: a row, or findings that say why there is none."""

    number: int
    row: Any
    """A Struct of the table's `row`, or None if the line is rejected."""
    findings: Sequence[Finding] = ()


class Reading:
    """Reads one file of a known kind; iterate over it for its lines, in order.

    Raises:
        FileRefused: from the constructor if the file or its header cannot be understood, from the
            iteration if there are more than MOST_ROWS rows.
    """

    def __init__(self, data: bytes, table: Table, today: date) -> None:
        self._data = data
        self._table = table
        self._today = today
        self.layout: Layout = find_layout(data, lambda cells: len(_places(cells, table)))
        header = next(records(data, self.layout), None)
        self._fields = _fields(header, table)
        self.ignored = _ignored(header, self._fields)
        """Names of the columns that are left out because nobody knows them."""
        self.lines = data.count(b"\n") + 1
        """About how many lines there are, for telling progress."""

    def __iter__(self) -> Iterator[Line]:
        seen: dict[str, int] = {}
        body = records(self._data, self.layout)
        next(body)
        for count, record in enumerate(body, start=1):
            if count > MOST_ROWS:
                raise FileRefused(
                    f"Die Datei hat mehr als {MOST_ROWS} Zeilen. Bitte teilen Sie sie auf."
                )
            yield self._read(record, seen)

    def _read(self, record: Record, seen: dict[str, int]) -> Line:
        if problem := record.problem or _shape_problem(record, len(self._fields)):
            return _rejected(record.line, [("", problem)], {}, self._table)
        cells = {
            field: cell for field, cell in zip(self._fields, record.cells, strict=False) if field
        }
        row, problems = read_row(self._table, cells, self._today)
        if row is None:
            return _rejected(record.line, problems, cells, self._table)
        first = seen.setdefault(row.source_number, record.line)
        if first != record.line:
            twice = f"Diese Nummer steht schon in Zeile {first}."
            return _rejected(record.line, [("source_number", twice)], cells, self._table)
        advice = self._table.advise(row)
        return Line(record.line, row, hints(self._table, record.line, advice, row))


def _rejected(
    line: int, problems: Sequence[Problem], cells: Mapping[str, str], table: Table
) -> Line:
    found = [rejection(table, line, problem, cells.get(problem[0], "")) for problem in problems]
    return Line(line, None, found)


def _shape_problem(record: Record, width: int) -> str:
    if any(cell.strip() for cell in record.cells[width:]):
        return (
            f"Die Zeile hat {len(record.cells)} Zellen, die Kopfzeile nur {width}."
            " Steht ein Trennzeichen in einer Zelle ohne Anführungszeichen?"
        )
    if record.is_cut_off and len(record.cells) < width:
        return "Die letzte Zeile bricht mittendrin ab. Ist die Datei vollständig?"
    return ""


def _places(header: Sequence[str], table: Table) -> dict[str, int]:
    """Return where each known field stands; the column's own title goes before its other names.

    Raises:
        FileRefused: two columns could be meant.
    """
    names = [bare_name(cell) for cell in header]
    places: dict[str, int] = {}
    for column in table.findable:
        found = [place for place, name in enumerate(names) if name and name in column.names]
        exact = [place for place in found if names[place] == bare_name(column.title)]
        if len(exact or found) > 1:
            raise FileRefused(f"Die Spalte „{column.title}“ kommt in der Kopfzeile zweimal vor.")
        if found:
            places[column.field] = (exact or found)[0]
    return places


def _fields(header: Record | None, table: Table) -> list[str]:
    """Return the field that each cell fills, in the order of the cells; empty for none.

    Raises:
        FileRefused: a required column is missing, or two could be meant.
    """
    cells = header.cells if header else []
    places = _places(cells, table)
    missing = [
        each.title for each in table.columns if each.is_required and each.field not in places
    ]
    if missing:
        raise FileRefused(_why_missing(missing, cells, table))
    fields = [""] * len(cells)
    for field, place in places.items():
        fields[place] = field
    return fields


def _why_missing(missing: Sequence[str], header: Sequence[str], table: Table) -> str:
    sentence = f"Diese Spalten fehlen: {', '.join(missing)}."
    for other in TABLES.values():
        names = [bare_name(cell) for cell in header]
        needed = [column.names for column in other.columns if column.is_required]
        if other is not table and all(each & set(names) for each in needed):
            return f"{sentence} Die Datei sieht aus wie eine Liste der Art „{other.title}“."
    found = ", ".join(showable(cell) for cell in header if cell.strip())
    return f"{sentence} In der Kopfzeile steht: {found[:300] or 'nichts'}."


def _ignored(header: Record | None, fields: Sequence[str]) -> tuple[str, ...]:
    cells = header.cells if header else []
    return tuple(
        showable(cell.strip())
        for cell, field in zip(cells, fields, strict=True)
        if cell.strip() and not field
    )

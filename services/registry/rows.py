"""Reads a row from its cells: for a line of a file as well as for a form."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from services.registry.columns import HOUSE_NUMBER, Column, Problem, Table
from services.registry.values import Unreadable

_NOTHING: Mapping[str, Any] = {}


def read_row(
    table: Table, cells: Mapping[str, str], today: date, given: Mapping[str, Any] = _NOTHING
) -> tuple[Any, Sequence[Problem]]:
    """Return the row that these cells make, or None and what is wrong with them.

    Args:
        table: says how each cell is read.
        cells: what stands there by field name; a field that is missing counts as empty. A
            `house_number` is put behind the street, in tables that have one.
        today: after which nobody can be born.
        given: values of fields that are not read from cells.
    """
    values: dict[str, Any] = dict(given)
    problems: list[Problem] = []
    for column in (each for each in table.columns if each.field not in given):
        try:
            values[column.field] = _read_cell(column, cells.get(column.field, ""))
        except Unreadable as error:
            problems.append((column.field, str(error)))
    try:
        if number := _read_cell(HOUSE_NUMBER, cells.get(HOUSE_NUMBER.field, "")):
            values["street"] = f"{values.get('street', '')} {number}".strip()
    except Unreadable as error:
        problems.append(("street", str(error)))
    if problems:
        return None, problems
    row = table.row(**values)
    problems += table.check(row, today)
    return (None, problems) if problems else (row, ())


def _read_cell(column: Column, cell: str) -> Any:
    length = len(cell.strip())
    if length > column.most:
        raise Unreadable(f"Hier stehen {length} Zeichen, erlaubt sind {column.most}.")
    value = column.read(cell)
    if column.is_required and not value:
        raise Unreadable("Diese Angabe fehlt.")
    return value

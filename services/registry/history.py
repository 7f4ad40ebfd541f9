"""Puts into words what has changed in a record, and what of it was edited by hand."""

from collections.abc import Mapping
from typing import Any

import msgspec

from services.registry.columns import Table
from services.registry.findings import showable
from services.registry.model import ChangeEntry


class Difference(msgspec.Struct, frozen=True):
    """One field before and after, as people read it."""

    title: str
    before: str
    after: str


def differences(table: Table, entry: ChangeEntry) -> list[Difference]:
    """Return what one change has made different, in the order of the table's columns."""
    return [
        Difference(column.title, *(_shown(table, column.field, value) for value in pair))
        for column in table.columns
        if (pair := entry.changes.get(column.field))
    ]


def edits(table: Table, edited: Mapping[str, Any]) -> dict[str, str]:
    """Return, for each field that was edited by hand, what the source said last."""
    return {field: _shown(table, field, value) for field, value in edited.items()}


def _shown(table: Table, field: str, stored: Any) -> str:
    kinds = {each.name: each.type for each in msgspec.structs.fields(table.row)}
    return showable(table.column(field).show(msgspec.convert(stored, kinds[field])))

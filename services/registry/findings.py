"""What there is to say about a line of a file: what is wrong, worth a look, or about to change."""

from collections.abc import Sequence
from typing import Any, Final, Literal

import msgspec

from services.registry.columns import Problem, Table

Severity = Literal["rejected", "hint", "changed"]
"""rejected: the line is not taken · hint: it is taken · changed: a record becomes different."""

MOST_VALUE: Final = 120
"""Characters of a cell that are kept for showing it."""


class Finding(msgspec.Struct, frozen=True):
    """Something about one line that a person should know."""

    line: int
    column: str
    """The column's German title; empty: the line as a whole."""
    reason: str
    value: str
    """What stands in the cell, shortened, without unprintable characters."""
    severity: Severity = "rejected"


def rejection(table: Table, line: int, problem: Problem, value: str = "") -> Finding:
    """Return why a line is not taken."""
    field, reason = problem
    return Finding(line, table.column(field).title if field else "", reason, showable(value))


def hints(table: Table, line: int, problems: Sequence[Problem], row: Any) -> list[Finding]:
    """Return what is worth a look about a line that is taken."""
    found = []
    for field, reason in problems:
        column = table.column(field)
        value = showable(column.show(getattr(row, field)))
        found.append(Finding(line, column.title, reason, value, "hint"))
    return found


def change(table: Table, line: int, field: str, before_after: tuple[Any, Any]) -> Finding:
    """Return what a line changes in the record that is there."""
    column = table.column(field)
    before, after = (showable(column.show(value)) for value in before_after)
    return Finding(line, column.title, f"bisher „{before}“" if before else "neu", after, "changed")


def kept_edit(table: Table, line: int, field: str, ours_theirs: tuple[Any, Any]) -> Finding:
    """Return that a line says something else than somebody's edit, which stays."""
    column = table.column(field)
    ours, theirs = (showable(column.show(value)) for value in ours_theirs)
    reason = f"Von Hand geändert; es bleibt bei „{ours}“. Bitte prüfen Sie, was stimmt."
    return Finding(line, column.title, reason, theirs, "hint")


def showable(text: str) -> str:
    """Return a cell's text as it can be stored and shown."""
    short = text if len(text) <= MOST_VALUE else text[: MOST_VALUE - 1] + "…"
    return "".join(sign if sign.isprintable() else "\ufffd" for sign in short)

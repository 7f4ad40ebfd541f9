"""Finds the statements that stand in stores, so that a test can ask PostgreSQL about them."""

import ast
from pathlib import Path
from types import ModuleType

from tests.test_house import statements, tree_of


def statement_of(store: ModuleType, function: str) -> str:
    """Return the one statement that stands in a function of a store."""
    place = Path(str(store.__file__))
    there = next(one for one in ast.walk(tree_of(place)) if getattr(one, "name", "") == function)
    assert isinstance(there, ast.AsyncFunctionDef)
    lines = range(there.lineno, (there.end_lineno or there.lineno) + 1)
    return next(sql for call, sql in statements(place) if call.lineno in lines)

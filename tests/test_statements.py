"""Prepares every SQL statement on the migrated schema, and compares its columns with their uses."""

import ast
from collections.abc import Iterator
from pathlib import Path

import asyncpg
import msgspec
import pytest

from tests.columns import Uses
from tests.conftest import SERVICES, TEMPLATE, Migrated
from tests.rows import uses_of
from tests.test_house import ROOT, name_of, statements, tree_of


class Statement(msgspec.Struct, frozen=True):
    """One statement, where it stands, and what its function takes from its rows."""

    place: str
    sql: str
    uses: Uses


def statements_of(folder: Path) -> Iterator[Statement]:
    """Yield the constant statements of a folder's stores."""
    for path in sorted(folder.rglob("*.py")):
        calls = list(statements(path))
        for function in ast.walk(tree_of(path)):
            if not isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef):
                continue
            for call, sql in calls:
                if function.lineno <= call.lineno <= (function.end_lineno or 0):
                    place = f"{name_of(path)}:{call.lineno}"
                    yield Statement(place, sql, uses_of(path, function, call))


@pytest.mark.parametrize("service", SERVICES)
async def test_every_statement_prepares_and_has_the_columns_that_are_used(
    service: str, postgres: Migrated
) -> None:
    wrong = []
    connection = await asyncpg.connect(postgres.url(f"{service}_app", TEMPLATE))
    for statement in [*statements_of(ROOT / "services" / service), *statements_of(ROOT / "shared")]:
        try:
            prepared = await connection.prepare(statement.sql)
        except asyncpg.PostgresError as error:
            wrong.append(f"{statement.place}: {error}")
            continue
        columns = [attribute.name for attribute in prepared.get_attributes()]
        wrong += [f"{statement.place}: {misfit}" for misfit in statement.uses.misfits(columns)]
    await connection.close()

    assert not wrong


async def test_a_statement_that_does_not_fit_is_found(postgres: Migrated) -> None:
    connection = await asyncpg.connect(postgres.url("registry_app", TEMPLATE))

    with pytest.raises(asyncpg.UndefinedColumnError):
        await connection.prepare("select no_such_column from outbox")
    await connection.close()

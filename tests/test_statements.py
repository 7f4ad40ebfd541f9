"""Prepares every SQL statement on the migrated schema and compares its columns with its Struct."""

import ast
from collections.abc import Iterator
from pathlib import Path

import asyncpg
import msgspec
import pytest

from tests.conftest import SERVICES, TEMPLATE, Migrated
from tests.test_house import ROOT, name_of, statements, struct_built_in, tree_of


class Statement(msgspec.Struct, frozen=True):
    """One statement, where it stands, and the Struct that its function builds from a row."""

    place: str
    sql: str
    fields: list[str] | None
    required: frozenset[str] = frozenset()
    is_by_name: bool = False


def statements_of(folder: Path) -> Iterator[Statement]:
    """Yield the constant statements of a folder's stores."""
    for path in sorted(folder.rglob("*.py")):
        for function in ast.walk(tree_of(path)):
            if not isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef):
                continue
            calls = [found for found in statements(path) if _stands_in(found[0], function)]
            kind = struct_built_in(path, function) if len(calls) == 1 else None
            fields = msgspec.structs.fields(kind) if kind else None
            for call, sql in calls:
                yield Statement(
                    place=f"{name_of(path)}:{call.lineno}",
                    sql=sql,
                    fields=[field.name for field in fields] if fields else None,
                    required=frozenset(field.name for field in fields or () if field.required),
                    is_by_name="(**row)" in ast.unparse(function),
                )


def fits(columns: list[str], statement: Statement) -> bool:
    """Tell whether a row makes the Struct: by position in this order, by name with defaults."""
    if statement.is_by_name:
        return set(columns) <= set(statement.fields or ()) and statement.required <= set(columns)
    return columns == statement.fields


def _stands_in(call: ast.Call, function: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    return function.lineno <= call.lineno <= (function.end_lineno or function.lineno)


@pytest.mark.parametrize("service", SERVICES)
async def test_every_statement_prepares_and_fits_its_struct(
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
        if statement.fields is not None and columns and not fits(columns, statement):
            wrong.append(f"{statement.place}: {columns} is not {statement.fields}")
    await connection.close()

    assert not wrong


async def test_a_statement_that_does_not_fit_is_found(postgres: Migrated) -> None:
    connection = await asyncpg.connect(postgres.url("registry_app", TEMPLATE))

    with pytest.raises(asyncpg.UndefinedColumnError):
        await connection.prepare("select no_such_column from outbox")
    await connection.close()

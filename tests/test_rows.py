"""A renamed column is found however a store takes it from its row."""

import ast
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import asyncpg
import msgspec
import pytest

from shared.database import Connection
from tests.columns import Uses
from tests.rows import uses_of
from tests.test_house import statements, tree_of

Heights = dict[int, tuple[int, str]]
COLUMNS = ["plant_id", "height", "colour"]


class Plant(msgspec.Struct):
    """What the functions below, which nobody calls, make of a row."""

    plant_id: int
    height: int
    colour: str = "green"


class Size(msgspec.Struct):
    """What takes in a part of a row."""

    plant_id: int
    height: int


class Bed(msgspec.Struct):
    """What takes in a row in pieces."""

    colour: str
    size: Size


async def by_place(db: Connection) -> list[Plant]:
    rows = await db.fetch("select")
    return [Plant(*row) for row in rows]


async def by_name(db: Connection) -> Plant | None:
    row = await db.fetchrow("select")
    return Plant(**row) if row else None


async def through_a_helper(db: Connection) -> list[Plant]:
    return [_plant(row) for row in await db.fetch("select")]


async def all_rows_through_a_helper(db: Connection) -> Heights:
    return _heights(await db.fetch("select"))


async def one_column_each(db: Connection) -> tuple[int, int, str]:
    [row] = await db.fetch("select")
    return row["plant_id"], row[1], row["colour"]


async def unpacked(db: Connection) -> Heights:
    return {plant: (height, colour) for plant, height, colour in await db.fetch("select")}


async def a_part_of_the_row(db: Connection) -> AsyncIterator[Bed]:
    async for row in db.cursor("select"):
        yield Bed(row["colour"], Size(*row[:2]))


async def with_something_replaced(db: Connection) -> Plant:
    [row] = await db.fetch("select")
    return Plant(**{**row, "colour": "red"})


async def converted(db: Connection) -> Plant:
    row = await db.fetchrow("select")
    return msgspec.convert({name: one for name, one in row.items() if one is not None}, Plant)


async def by_its_fields(db: Connection) -> Plant:
    [row] = await db.fetch("select")
    return Plant(**{name: row[name] for name in Plant.__struct_fields__})


async def handed_out(db: Connection) -> list[asyncpg.Record]:
    return await db.fetch("select")


async def under_a_name_that_is_made(db: Connection) -> Any:
    [row] = await db.fetch("select")
    return row["plant" + "_id"]


def _plant(row: asyncpg.Record) -> Plant:
    return Plant(row["plant_id"], row["height"], row["colour"])


def _heights(rows: list[asyncpg.Record]) -> Heights:
    return {row["plant_id"]: (row["height"], row["colour"]) for row in rows}


TAKING = (
    by_place,
    by_name,
    through_a_helper,
    all_rows_through_a_helper,
    one_column_each,
    unpacked,
    a_part_of_the_row,
    with_something_replaced,
    converted,
    by_its_fields,
)


def uses(named: str) -> Uses:
    """Return what a function of this module takes from its rows."""
    path = Path(__file__)
    for node in tree_of(path).body:
        if isinstance(node, ast.AsyncFunctionDef) and node.name == named:
            [call] = [
                call
                for call, _ in statements(path)
                if node.lineno <= call.lineno <= (node.end_lineno or 0)
            ]
            return uses_of(path, node, call)
    raise LookupError(named)


@pytest.mark.parametrize("taking", TAKING, ids=lambda one: one.__name__)
def test_columns_that_are_taken_are_compared(taking: Callable[..., Any]) -> None:
    taken = uses(taking.__name__)

    assert taken.misfits(COLUMNS) == []
    assert taken.misfits(["plant_id", "height", "hue"]) != [] or taken.widths
    assert taken.misfits(["plant_id"]) != []


@pytest.mark.parametrize(
    "handing", [handed_out, under_a_name_that_is_made], ids=lambda one: one.__name__
)
def test_a_use_that_cannot_be_compared_is_named(handing: Callable[..., Any]) -> None:
    [unseen] = uses(handing.__name__).misfits(COLUMNS)

    assert "in a way that no test sees" in unseen


def test_a_statement_that_gives_more_than_the_struct_takes_is_found() -> None:
    assert uses("by_place").misfits([*COLUMNS, "weight"])
    assert uses("by_name").misfits([*COLUMNS, "weight"])
    assert uses("unpacked").misfits([*COLUMNS, "weight"])


def test_columns_in_another_order_are_found_where_order_counts() -> None:
    turned = ["height", "plant_id", "colour"]

    assert uses("by_place").misfits(turned)
    assert not uses("by_name").misfits(turned)

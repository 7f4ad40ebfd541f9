"""Reads the forms of records by the same columns as files, and tells who acts."""

from typing import Any

import msgspec

from services.registry.columns import Table
from services.registry.imports.store.jobs import today
from services.registry.model import Actor
from services.registry.rows import read_row
from shared.auth import Role
from shared.errors import Malformed
from shared.web.access import staff
from shared.web.forms import Form
from shared.web.request import Request

SEES = staff(Role.CLERK, Role.FOUNDATION, Role.AUDITOR)
"""`opt=` of routes that show records."""
EDITS = staff(Role.CLERK)
"""`opt=` of routes that change records."""


def actor(request: Request) -> Actor:
    """Return who is signed in."""
    return Actor(request.signed_in.subject, request.signed_in.name)


def may_edit(request: Request) -> bool:
    """Whether who is signed in may change records."""
    return Role.CLERK in request.signed_in.roles


async def read_record(request: Request, table: Table, source_number: str) -> Form[Any]:
    """Read a record's form; everything but the source number can be typed in."""
    sent = await request.form()
    cells = {column.field: str(sent.get(column.field) or "") for column in table.columns}
    async with request.pool.acquire() as connection:
        row, problems = read_row(
            table, cells, await today(connection), {"source_number": source_number}
        )
    return Form({field: [cell] for field, cell in cells.items()}, dict(problems), row)


async def seen_version(request: Request) -> int:
    """Return the version of the record that was on the screen.

    Raises:
        Malformed: the form does not say.
    """
    sent = str((await request.form()).get("version") or "")
    if not sent.isascii() or not sent.isdigit() or len(sent) > 9:  # noqa: PLR2004 - fits integer
        raise Malformed("Das Formular ist unvollständig. Bitte laden Sie die Seite neu.", "version")
    return int(sent)


def filled_form(table: Table, record: msgspec.Struct) -> Form[Any]:
    """Return a record's form as it is shown first."""
    raw = {
        column.field: [getattr(record, column.field)]
        for column in table.columns
        if getattr(record, column.field) is not None
    }
    return Form(raw, {}, None)


def empty_record(table: Table) -> Form[Any]:
    """Return the form of a record that is yet to be registered."""
    return Form({column.field: [] for column in table.columns}, {}, None)

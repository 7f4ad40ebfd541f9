"""`ehrensache verify`: asks a running system whether everything that must be true is true."""

import asyncio
from typing import Annotated

import msgspec
import typer

from deploy.backup import invariants
from deploy.cli.operator import VARIABLES, Operator, operator
from deploy.cli.terminal import FAILED, err, out
from deploy.postgres.roles import BACKUP


def verify(
    *,
    as_json: Annotated[bool, typer.Option("--json", help="Write JSON: the findings.")] = False,
) -> None:
    """Check every invariant: places and tickets, histories, feeds, copies, audits.

    Changes nothing and needs no pause of the services. Exit code 1 if anything is wrong.
    """
    findings = asyncio.run(_findings(operator()))
    if as_json:
        typer.echo(msgspec.json.encode({"findings": findings}).decode())
    else:
        _show(findings)
    if findings:
        raise typer.Exit(FAILED)


verify.__doc__ = f"{verify.__doc__}\n\n{VARIABLES}"


def _show(findings: list[str]) -> None:
    for finding in findings:
        err.print(f"[red]•[/] {finding}", soft_wrap=True)
    if not findings:
        out.print("Every invariant holds.")


async def _findings(target: Operator) -> list[str]:
    # One snapshot: a guest may be answering at this moment.
    async with (
        target.connected_as(BACKUP) as connection,
        connection.transaction(isolation="repeatable_read", readonly=True),
    ):
        return await invariants.broken(connection)

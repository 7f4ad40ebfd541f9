"""`ehrensache verify`: asks a running system whether everything that must be true is true."""

import asyncio

import typer

from deploy.backup import invariants
from deploy.cli.operator import VARIABLES, Operator, operator
from deploy.cli.terminal import FAILED, Json, err, out, print_json
from deploy.postgres.roles import BACKUP


def verify(
    *,
    as_json: Json = False,
) -> None:
    """Check every invariant: places and tickets, histories, feeds, copies, audits.

    Changes nothing and needs no pause of the services. Exit code 1 if anything is wrong.
    """
    findings = asyncio.run(_findings(operator()))
    if as_json:
        print_json({"findings": findings})
    else:
        _show(findings)
    if findings:
        raise typer.Exit(FAILED)


verify.__doc__ = f"{verify.__doc__}\n\n{VARIABLES}"


def _show(findings: list[str]) -> None:
    for finding in findings:
        err.print(f"[red]•[/] {finding}")
    if not findings:
        out.print("Every invariant holds.")


async def _findings(target: Operator) -> list[str]:
    # One snapshot: a guest may be answering at this moment.
    async with (
        target.connected_as(BACKUP) as connection,
        connection.transaction(isolation="repeatable_read", readonly=True),
    ):
        return await invariants.broken(connection)

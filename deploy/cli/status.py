"""`ehrensache status`: shows how everything is."""

import asyncio
from typing import Annotated

import msgspec
import typer
from rich.table import Table

from deploy.cli.checks import State, look
from deploy.cli.operator import VARIABLES, operator
from deploy.cli.terminal import FAILED, out


def status(
    *,
    as_json: Annotated[bool, typer.Option("--json", help="Write JSON, for programs.")] = False,
) -> None:
    """Show the health of all processes, what waits in outboxes and streams, and dead letters.

    The exit code is 1 if something is wrong; the problems stand below the tables.
    """
    state = asyncio.run(look(operator()))
    if as_json:
        typer.echo(msgspec.json.encode(state).decode())
    else:
        _show(state)
    if state.problems:
        raise typer.Exit(FAILED)


status.__doc__ = f"{status.__doc__}\n\n{VARIABLES}"


def _show(state: State) -> None:
    if state.processes:
        processes = Table("process", "state", box=None, pad_edge=False)
        for each in state.processes:
            colour = "green" if each.is_ready else "red"
            processes.add_row(each.name, f"[{colour}]{each.detail}[/]")
        out.print(processes)
        out.print()
    services = Table(
        "service",
        *("unpublished", "oldest", "pending", "unacked", "redelivered", "dead letters"),
        box=None,
        pad_edge=False,
    )
    for one in state.services:
        oldest = f"{one.oldest_seconds:.0f} s" if one.unpublished else "–"
        counted = (one.pending, one.unacknowledged, one.redelivered, one.dead_letters)
        services.add_row(one.name, str(one.unpublished), oldest, *map(str, counted))
    out.print(services)
    out.print()
    for problem in state.problems:
        out.print(f"[red]✗[/] {problem}")
    if not state.problems:
        out.print("[green]✓[/] Everything is well.")

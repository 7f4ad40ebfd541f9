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
    """Show the health of all processes, what waits in outboxes, streams and mails, dead letters.

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
        *("unpublished", "pending", "unacked", "redelivered", "dead letters"),
        box=None,
        pad_edge=False,
    )
    for one in state.services:
        services.add_row(
            one.name,
            _waiting(one.unpublished, one.oldest_seconds),
            _waiting(one.pending, one.pending_seconds),
            *map(_count, (one.unacknowledged, one.redelivered)),
            _count(one.dead_letters) + (f" ({one.dismissed} dismissed)" if one.dismissed else ""),
        )
    out.print(services)
    out.print()
    _show_rest(state)
    if not state.processes:
        out.print("No process was asked; name them with EHRENSACHE_HEALTH.\n")
    for problem in state.problems:
        out.print(f"[red]✗[/] {problem}")
    if not state.problems:
        out.print("[green]✓[/] Everything is well.")


def _show_rest(state: State) -> None:
    for partner in state.partners:
        out.print(f"{partner.stream}: {_waiting(partner.pending, partner.pending_seconds)} pending")
    if mails := state.mails:
        out.print(f"mails: {mails.waiting} waiting, {mails.failed} failed")
    out.print()


def _waiting(number: int, oldest_seconds: float) -> str:
    """Return how many wait, and for how long the oldest does: `12 (3 s)`."""
    return _count(number) + (f" ({oldest_seconds:.0f} s)" if oldest_seconds else "")


def _count(number: int) -> str:
    return "?" if number < 0 else str(number)

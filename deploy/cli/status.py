"""`ehrensache status`: shows how everything is."""

import asyncio

import typer
from rich.table import Table

from deploy.cli.checks import look
from deploy.cli.operator import VARIABLES, operator
from deploy.cli.problems import overdue_timers
from deploy.cli.state import ServiceState, State
from deploy.cli.terminal import FAILED, Json, out, print_json


def status(
    *,
    as_json: Json = False,
) -> None:
    """Show the health of all processes, what waits in outboxes, streams and mails, dead letters.

    The exit code is 1 if something is wrong; the problems stand below the tables.
    """
    state = asyncio.run(look(operator()))
    if as_json:
        print_json(state)
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
        *("unpublished", "pending", "unacked", "redelivered", "dead letters", "timers"),
        box=None,
        pad_edge=False,
    )
    for one in state.services:
        services.add_row(
            one.name,
            _waiting(one.unpublished, one.oldest_seconds),
            _waiting(one.pending, one.pending_seconds),
            *map(_count, (one.unacknowledged, one.redelivered)),
            _letters(one),
            _timers(one),
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
    known = {service.name: service for service in state.services}
    for partner in state.partners:
        out.print(f"{partner.stream}: {_waiting(partner.pending, partner.pending_seconds)} pending")
    if mails := state.mails:
        due = known["notifier"].labelled("mail_oldest_seconds")
        late = f", due for {max(due.values()):.0f} s" if due else ""
        out.print(f"mails: {mails.waiting} waiting{late}, {mails.failed} failed")
        _show_waiting(known["notifier"], "letters", "letters_waiting", "letters_oldest_seconds")
        _show_waiting(known["registry"], "imports", "imports_waiting", "imports_oldest_seconds")
        _show_waiting(known["events"], "reviews", "reviews_waiting", "reviews_oldest_seconds")
        _show_waiting(known["events"], "receipts", "receipts_unsent", "receipts_oldest_seconds")
    _show_host(state)
    out.print()


def _show_waiting(service: ServiceState, what: str, number: str, age: str) -> None:
    if waiting := int(service.figure(number)):
        out.print(f"{what}: {_waiting(waiting, service.figure(age))} waiting")


def _show_host(state: State) -> None:
    host = state.host
    said = []
    if parts := {one.bytes / one.most_bytes: one.name for one in state.streams if one.most_bytes}:
        said.append(f"fullest stream {parts[max(parts)]} {max(parts):.0%}")
    if database := host.database:
        taken = f"{database.connections} of {database.most_connections}"
        said.append(f"{taken} connections")
    said += [f"disk of {name} {free:.0%} free" for name, free in host.volumes.items()]
    if host.certificate_seconds is not None:
        said.append(f"certificate good for {host.certificate_seconds / 86_400:.0f} days")
    said += [
        f"certificate of {server} good for {good / 86_400:.0f} days"
        for server, good in host.inner_certificate_seconds.items()
    ]
    out.print(" · ".join(said))


def _letters(service: ServiceState) -> str:
    """Return how many wait for how long, and how many were dismissed."""
    said = _waiting(service.dead_letters, service.figure("dead_letters_oldest_seconds"))
    return f"{said} ({service.dismissed} dismissed)" if service.dismissed else said


def _timers(service: ServiceState) -> str:
    """Return how many timers there are, and how many of them stand still."""
    known, overdue = service.labelled("timer_age_seconds"), overdue_timers(service)
    return f"{len(known)} ([red]{len(overdue)} overdue[/])" if overdue else str(len(known))


def _waiting(number: int, oldest_seconds: float) -> str:
    """Return how many wait, and for how long the oldest does: `12 (3 s)`."""
    return _count(number) + (f" ({oldest_seconds:.0f} s)" if oldest_seconds else "")


def _count(number: int) -> str:
    return "?" if number < 0 else str(number)

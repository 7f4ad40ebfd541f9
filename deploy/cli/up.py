"""`ehrensache up`: starts the whole system on this machine and runs until Ctrl-C."""

import asyncio
import signal
import threading
import time
from pathlib import Path
from types import FrameType
from typing import Annotated

import typer
from nats.errors import Error as NatsError
from rich.table import Table
from rich.text import Text

from deploy.cli import reach, terminal
from deploy.cli.demo import load_into
from deploy.cli.terminal import err, out
from deploy.local.layout import default_layout
from deploy.local.log_stream import LogStream
from deploy.local.openid.people import DEMO_PEOPLE
from deploy.local.stack import Stack, Wishes
from deploy.nats.partners import known_partners, open_desk
from shared.web import assets

TOLD = {"gateway", "mailbox", "smtp", "openid", "postgres", "nats"}
"""Parts whose ports somebody may want to use; the others' stand in .local/run/notes.json."""
SETTLE_SECONDS = 15
COLOURS = ("cyan", "green", "magenta", "yellow", "blue", "bright_cyan", "bright_green", "red")


def up(
    *,
    demo: Annotated[
        bool, typer.Option("--demo/--no-demo", help="Load the demo city at the first start.")
    ] = True,
    logs: Annotated[
        bool, typer.Option("--logs/--quiet", help="Show the log of all parts while they run.")
    ] = True,
) -> None:
    """Start everything on this machine; Ctrl-C stops it. Data stays in .local.

    PostgreSQL, NATS, gateway, sign-in, mailbox and both processes of the four services. A part
    that dies is started again. A second start keeps the data; `ehrensache reset` wipes it.
    """
    terminal.told(lambda: _run(demo=demo, logs=logs))


def _run(*, demo: bool, logs: bool) -> None:
    stopping = threading.Event()
    _fetch_assets()
    stack = Stack(default_layout().root, Wishes(usual_ports=True, report=_report))

    def stop(_number: int, _frame: FrameType | None) -> None:
        stopping.set()
        stack.call_off()

    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, stop)
    stack.start()
    if demo and not stack.layout.demo_loaded.exists():
        _load_demo(stack)
    stream = LogStream({name: stack.log(name) for name in stack.names()}, _show) if logs else None
    try:
        _introduce(stack)
        while not stopping.wait(SETTLE_SECONDS):
            _end_old_credentials(stack)
        err.print("\nStopping …")
    finally:
        stack.stop()
        if stream:
            stream.close()
    err.print("Everything is stopped. The data stays; `ehrensache reset` wipes it.")


def _fetch_assets() -> None:
    with err.status("Fetching what pages load in a browser …"):
        assets.fetch(for_tests=False)


def _load_demo(stack: Stack) -> None:
    """Load the city once. If that fails, the system runs on without it and says so."""
    try:
        load_into(reach.find(), stack.layout.demo)
    except typer.Exit:
        return
    stack.layout.demo_loaded.touch()


def _end_old_credentials(stack: Stack) -> None:
    """End partners' credentials whose time of grace is over; without NATS, the next time."""
    try:
        ended = asyncio.run(settled(stack.notes.nats_url, stack.layout.bus_keys))
    except (OSError, TimeoutError, NatsError):
        return
    for name in ended:
        _report("nats", f"old credentials of {name} have ended")


async def settled(nats_url: str, bus_keys: Path) -> list[str]:
    """End what is due, if anything is; return the names of the partners concerned."""
    if not any(one.old_credentials_until for one in known_partners(bus_keys)):
        return []
    async with open_desk(nats_url, bus_keys) as desk:
        return await desk.settle(time.time())


def _report(part: str, what: str) -> None:
    err.print(_line(part, what))


def _show(part: str, line: str) -> None:
    out.print(_line(part, line), soft_wrap=True)


def _line(part: str, text: str) -> Text:
    colour = COLOURS[sum(part.encode()) % len(COLOURS)]
    return Text.assemble((f"{part:>18} ", colour), text)


def _introduce(stack: Stack) -> None:
    out.print()
    for part, usual in stack.addresses.moved.items():
        if part in TOLD:
            out.print(f"Port {usual} is busy; {part} listens on {stack.addresses.ports[part]}.")
    places = Table.grid(padding=(0, 3))
    for name, address in (
        ("Ehrensache", stack.addresses.gateway),
        ("Console", f"{stack.addresses.gateway}/konsole"),
        ("Mailbox", stack.addresses.mailbox),
    ):
        places.add_row(f"[bold]{name}[/]", address)
    out.print(places)
    out.print("\nDemo sign-ins, picked on the sign-in page without a password:")
    people = Table.grid(padding=(0, 3))
    for person in DEMO_PEOPLE:
        people.add_row(f"  {person.name}", person.task)
    out.print(people)
    out.print("\nCtrl-C stops everything.\n")

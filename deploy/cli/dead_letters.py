"""`ehrensache dead-letters`: shows facts that were given up on, replays or dismisses them."""

import asyncio
import getpass
from collections.abc import Awaitable, Callable
from typing import Annotated
from uuid import UUID

import msgspec
import nats.errors
import typer
from nats.js.errors import Error as JetStreamError
from rich.table import Table

from deploy.cli.operator import VARIABLES, Operator, operator
from deploy.cli.terminal import FAILED, Json, err, fail, out, print_json
from deploy.postgres.roles import SERVICES
from shared.database import Connection
from shared.dead_letters import (
    DeadLetter,
    claim_letter,
    dismiss_letter,
    dismissed_letters,
    open_letters,
)

Read = Callable[[Connection, int], Awaitable[list[DeadLetter]]]
MOST = 1_000
PUBLISH_SECONDS = 5
NOT_KEPT = ("nats-msg-id", "nats-expected-")
"""Headers that would make the stream refuse or drop the message; the inbox tells doubles apart."""

app = typer.Typer(
    no_args_is_help=True, help="Show, replay and dismiss facts that could not be consumed."
)


class NotReplayed(Exception):
    """A letter cannot be replayed; the message says why."""


class Failure(msgspec.Struct, frozen=True):
    """A letter that stays as it is, and why."""

    dead_letter_id: UUID
    reason: str


class Done(msgspec.Struct, frozen=True):
    """What has become of the letters that were named."""

    closed: list[UUID]
    failed: list[Failure]


@app.command("list")
def list_letters(
    *,
    service: Annotated[str | None, typer.Option(help="Only of this service.")] = None,
    dismissed: Annotated[
        bool, typer.Option("--dismissed", help="Those that were dismissed, by whom and why.")
    ] = False,
    as_json: Json = False,
) -> None:
    """List the open dead letters of all services, oldest first. Exit code 1 if there are any."""
    read = dismissed_letters if dismissed else open_letters
    found = asyncio.run(_read(operator(), _services(service), read))
    if as_json:
        print_json([_plain(letter) for letter in found])
    elif found:
        _show(found)
    else:
        err.print("There are no dead letters.")
    if found and not dismissed:
        raise typer.Exit(FAILED)


@app.command()
def replay(
    service: Annotated[str, typer.Argument(help="The service that gave up on them.")],
    letters: Annotated[list[UUID] | None, typer.Argument(help="Ids, as `list` shows.")] = None,
    *,
    every: Annotated[bool, typer.Option("--all", help="All open letters of it.")] = False,
    as_json: Json = False,
) -> None:
    """Publish dead letters once more and close them. Other services recognise what they have had.

    Exit code 1 if one of them is unknown, closed already, or cannot be published.
    """
    if bool(letters) == every:
        raise typer.BadParameter("name ids of letters, or --all")
    _services(service)
    _tell(asyncio.run(_replay(operator(), service, letters)), "replayed", as_json=as_json)


@app.command()
def dismiss(
    service: Annotated[str, typer.Argument(help="The service that gave up on them.")],
    letters: Annotated[list[UUID], typer.Argument(help="Ids, as `list` shows.")],
    *,
    reason: Annotated[str, typer.Option(help="Why nothing is lost by it; kept for a year.")],
    as_json: Json = False,
) -> None:
    """Close dead letters without replaying them, such as one that no fact can be made of.

    Who did it, when and why stays for a year; `list --dismissed` shows it. Exit code 1 if one of
    them is unknown or closed already.
    """
    if not reason.strip():
        raise typer.BadParameter("say why", param_hint="--reason")
    _services(service)
    done = asyncio.run(_dismiss(operator(), service, letters, reason.strip()))
    _tell(done, "dismissed", as_json=as_json)


replay.__doc__ = f"{replay.__doc__}\n\n{VARIABLES}"
dismiss.__doc__ = f"{dismiss.__doc__}\n\n{VARIABLES}"
list_letters.__doc__ = f"{list_letters.__doc__}\n\n{VARIABLES}"


def _services(named: str | None) -> tuple[str, ...]:
    if named is not None and named not in SERVICES:
        raise typer.BadParameter(f"there is no service {named!r}, only {', '.join(SERVICES)}")
    return SERVICES if named is None else (named,)


async def _read(target: Operator, services: tuple[str, ...], read: Read) -> list[DeadLetter]:
    found: list[DeadLetter] = []
    for service in services:
        async with target.connected_as(f"{service}_app") as connection:
            found += await read(connection, MOST)
    return sorted(found, key=lambda letter: letter.buried_at)


async def _dismiss(target: Operator, service: str, letters: list[UUID], reason: str) -> Done:
    done = Done([], [])
    by = f"operator:{getpass.getuser()}"
    async with target.connected_as(f"{service}_app") as connection:
        for dead_letter_id in letters:
            if await dismiss_letter(connection, dead_letter_id, by, reason):
                done.closed.append(dead_letter_id)
            else:
                done.failed.append(Failure(dead_letter_id, "is unknown or was closed already"))
    return done


async def _replay(target: Operator, service: str, letters: list[UUID] | None) -> Done:
    done = Done([], [])
    async with target.connected_as(f"{service}_app") as connection:
        if letters is None:
            letters = [letter.dead_letter_id for letter in await open_letters(connection, MOST)]
        for dead_letter_id in letters:
            try:
                await _replay_one(target, connection, dead_letter_id)
            except (NotReplayed, JetStreamError, nats.errors.Error) as error:
                done.failed.append(Failure(dead_letter_id, str(error)))
            else:
                done.closed.append(dead_letter_id)
    return done


async def _replay_one(target: Operator, connection: Connection, dead_letter_id: UUID) -> None:
    """Close the letter only if the stream has taken it: a crash in between repeats, never loses."""
    async with connection.transaction():
        letter = await claim_letter(connection, dead_letter_id)
        if letter is None:
            raise NotReplayed("is unknown or was closed already")
        realm, _, rest = letter.subject.partition(".")
        publisher = rest.partition(".")[0]
        if realm != "facts" or publisher not in SERVICES:
            raise NotReplayed(f"only facts can be replayed, and this was sent to {letter.subject}")
        headers = {
            name: value
            for name, value in letter.headers.items()
            if not name.lower().startswith(NOT_KEPT)
        }
        async with target.bus_as(publisher) as client:
            await client.jetstream().publish(
                letter.subject, letter.body, headers=headers, timeout=PUBLISH_SECONDS
            )


def _tell(done: Done, verb: str, *, as_json: bool) -> None:
    if as_json:
        print_json(done)
    else:
        for failure in done.failed:
            err.print(f"{failure.dead_letter_id}: {failure.reason}")
        err.print(f"{len(done.closed)} {verb}, {len(done.failed)} not.")
    if done.failed:
        raise typer.Exit(FAILED)


def _plain(letter: DeadLetter) -> dict[str, object]:
    fields = msgspec.structs.asdict(letter)
    return {**fields, "body": letter.body.decode(errors="replace")}


def _dismissal(letter: DeadLetter) -> str:
    if letter.dismissed_at is None:
        return ""
    when = f"{letter.dismissed_at:%Y-%m-%d %H:%M}Z"
    return f"dismissed {when} by {letter.dismissed_by}: {letter.dismissed_because}"


def _show(found: list[DeadLetter]) -> None:
    table = Table("id", "service", "subject", "given up", "deliveries", "reason", box=None)
    for letter in found:
        table.add_row(
            str(letter.dead_letter_id),
            letter.consumer,
            letter.subject,
            f"{letter.buried_at:%Y-%m-%d %H:%M:%S}Z",
            str(letter.deliveries),
            f"{letter.reason}\n{_dismissal(letter)}".strip(),
        )
    out.print(table)
    if len(found) >= MOST:
        fail(f"There may be more: only {MOST} of each service are shown.")

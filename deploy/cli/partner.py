"""`ehrensache partner`: takes in the systems that publish events, and lets them go."""

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Annotated, TypeVar

import asyncpg
import msgspec
import typer
from nats.errors import Error as NatsError
from nats.errors import NoServersError
from rich.table import Table

from deploy.cli import reach, terminal
from deploy.cli.reach import Reach
from deploy.cli.terminal import err, out
from deploy.nats import partners
from deploy.nats.identity import write_secret
from deploy.nats.partners import (
    Admission,
    Partner,
    PartnerDesk,
    PartnerExists,
    PartnerNameUnusable,
    PartnerUnknown,
)
from services.events.commands.register_partner import RegisterPartner, register_partner
from services.events.store.partners import find_partner

app = typer.Typer(help="Partner systems that publish events over NATS.", no_args_is_help=True)

Result = TypeVar("Result")
Name = Annotated[str, typer.Argument(help="Short name: lower-case letters, digits, hyphens.")]
Json = Annotated[bool, typer.Option("--json", help="Print the result as JSON.")]
Out = Annotated[
    Path | None,
    typer.Option("--out", help="File for the credentials; NAME.creds where left out."),
]


@app.command()
def add(
    name: Name,
    *,
    title: Annotated[str, typer.Option(help="What people read, such as „Stadttheater“.")] = "",
    out_file: Out = None,
    as_json: Json = False,
) -> None:
    """Take a partner in and write its credentials to a file. Nothing is restarted.

    Hand the file over and delete it: the credentials are kept nowhere else.
    """
    file = _free_file(name, out_file)
    where = reach.find()
    admission = _told(lambda: _add(where, name, title or name))
    _hand_over(name, admission, file, where, as_json=as_json)


@app.command()
def rotate(name: Name, *, out_file: Out = None, as_json: Json = False) -> None:
    """Write new credentials; the old ones are refused from now on."""
    file = _free_file(name, out_file)
    where = reach.find()
    admission = _told(lambda: _at_desk(where, lambda desk: desk.rotate(name)))
    _hand_over(name, admission, file, where, as_json=as_json)


@app.command()
def suspend(name: Name) -> None:
    """Shut a partner out until `resume`; what it has published stays."""
    where = reach.find()
    _told(lambda: _at_desk(where, lambda desk: desk.suspend(name)))
    err.print(f"Partner {name} is shut out.")


@app.command()
def resume(name: Name) -> None:
    """Let a suspended partner in again, with the credentials that it has."""
    where = reach.find()
    _told(lambda: _at_desk(where, lambda desk: desk.resume(name)))
    err.print(f"Partner {name} is let in again.")


@app.command("list")
def list_partners(*, as_json: Json = False) -> None:
    """List all partners."""
    known = partners.known_partners(reach.find().bus_keys)
    if as_json:
        _print_json(known)
        return
    table = Table("Name", "State", "Account", box=None)
    for partner in known:
        table.add_row(partner.name, _state(partner), partner.account_key)
    out.print(table if known else "There are no partners. `ehrensache partner add` takes one in.")


def _state(partner: Partner) -> str:
    return "suspended" if partner.is_suspended else "active"


async def _add(where: Reach, name: str, title: str) -> Admission:
    """Let the calendar know the partner and give it an account, both or neither.

    A partner that has an account and that the calendar has lost is made known to it again.
    """
    connection = await asyncpg.connect(where.database_url("events_app"))
    try:
        async with partners.open_desk(where.nats_url, where.bus_keys) as desk:
            command = RegisterPartner(name, title, desk.account_key(name))
            async with connection.transaction():
                if await find_partner(connection, name) is None:
                    await register_partner(connection, command)
                if not any(known.name == name for known in partners.known_partners(where.bus_keys)):
                    return await desk.add(name)
    finally:
        await connection.close()
    raise PartnerExists(name)


async def _at_desk(where: Reach, act: Callable[[PartnerDesk], Awaitable[Result]]) -> Result:
    async with partners.open_desk(where.nats_url, where.bus_keys) as desk:
        return await act(desk)


def _told(work: Callable[[], Awaitable[Result]]) -> Result:
    """Do the work; turn what it raises for the operator into a sentence and an exit code."""

    async def run() -> Result:
        return await work()

    try:
        return asyncio.run(run())
    except (PartnerNameUnusable, PartnerExists, PartnerUnknown) as error:
        terminal.fail(str(error))
    except (NoServersError, ConnectionError, asyncpg.PostgresConnectionError) as error:
        terminal.fail(f"The system is not reached: {error}", terminal.NOT_RUNNING)
    except NatsError as error:
        terminal.fail(f"NATS refused: {error}")


def _free_file(name: str, wished: Path | None) -> Path:
    """Return where the credentials go; never over a file that is there already."""
    file = wished or Path(f"{Path(name).name}.creds")
    if file.exists():
        terminal.fail(f"{file} exists already; name another file with --out", terminal.USAGE)
    return file


def _hand_over(name: str, admission: Admission, file: Path, where: Reach, *, as_json: bool) -> None:
    write_secret(file, admission.credentials)
    told = {
        "name": name,
        "credentials": str(file.absolute()),
        "nats_url": where.nats_url,
        "account_key": admission.account_key,
    }
    if as_json:
        _print_json(told)
        return
    err.print(f"Partner {name} may publish now. Hand this file over; it is kept nowhere else:")
    out.print(file.absolute(), soft_wrap=True)
    err.print(
        f"\nTry it: python examples/partner/publish.py {file} examples/partner/events.json "
        f"{where.nats_url}",
        soft_wrap=True,
    )


def _print_json(value: object) -> None:
    out.print_json(msgspec.json.encode(value).decode())

"""`ehrensache partner`: takes in the systems that publish events, and lets them go."""

import re
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Annotated

import typer
from rich.table import Column, Table

from deploy.cli import partner_feeding, partner_removal, partner_status, reach, terminal
from deploy.cli.partner_desk import Name, Result, calendar_and_desk, told
from deploy.cli.reach import Reach
from deploy.cli.terminal import Json, err, out, print_json
from deploy.nats import partners
from deploy.nats.identity import write_secret
from deploy.nats.partners import Admission, Partner, PartnerDesk, PartnerExists
from services.events.commands.register_partner import RegisterPartner, register_partner
from services.events.store.partners import find_partner, note_suspended

app = typer.Typer(help="Partner systems that publish events over NATS.", no_args_is_help=True)
app.command()(partner_status.status)
app.command()(partner_removal.remove)
app.command()(partner_feeding.pull)
app.command()(partner_feeding.replay)

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
    admission = told(lambda: _add(where, name, title or name))
    _hand_over(name, admission, file, where, as_json=as_json)


@app.command()
def rotate(
    name: Name,
    *,
    grace: Annotated[
        str, typer.Option(help="How long the old ones still count, such as 90s, 30m, 24h, 7d.")
    ] = "0s",
    out_file: Out = None,
    as_json: Json = False,
) -> None:
    """Write new credentials; the old ones are refused at once, or after --grace.

    `ehrensache up` ends a grace by itself. Elsewhere `ehrensache partner settle` does, from a
    timer, or whatever partner command is next.
    """
    seconds = _seconds(grace)
    file = _free_file(name, out_file)
    where = reach.find()
    admission = told(lambda: _at_desk(where, lambda desk: desk.rotate(name, seconds)))
    _hand_over(name, admission, file, where, as_json=as_json)
    if seconds:
        err.print(f"The old credentials count for another {grace}.")


@app.command()
def settle(*, as_json: Json = False) -> None:
    """End old credentials whose time of grace is over; repeat it at will."""
    where = reach.find()
    settled = told(lambda: _at_desk(where, lambda desk: desk.settle(time.time())))
    if as_json:
        print_json({"settled": settled})
    else:
        err.print(f"Old credentials ended: {', '.join(settled) or 'none'}.")


@app.command()
def suspend(name: Name, *, as_json: Json = False) -> None:
    """Close a partner's connections and shut it out until `resume`; what it has published stays."""
    told(lambda: _let_in(reach.find(), name, is_suspended=True))
    _say(name, "is shut out", as_json=as_json)


@app.command()
def resume(name: Name, *, as_json: Json = False) -> None:
    """Let a suspended partner in again, with the credentials that it has."""
    told(lambda: _let_in(reach.find(), name, is_suspended=False))
    _say(name, "is let in again", as_json=as_json)


@app.command("list")
def list_partners(*, as_json: Json = False) -> None:
    """List all partners."""
    known = _known()
    if as_json:
        print_json(known)
        return
    table = Table("Name", "State", Column("Account", overflow="fold"), box=None)
    for partner in known:
        table.add_row(partner.name, _state(partner), partner.account_key)
    out.print(table if known else "There are no partners. `ehrensache partner add` takes one in.")


def _state(partner: Partner) -> str:
    return "suspended" if partner.is_suspended else "active"


async def _add(where: Reach, name: str, title: str) -> Admission:
    """Let the calendar know the partner and give it an account, both or neither.

    A partner that has an account and that the calendar has lost is made known to it again.
    """
    async with calendar_and_desk(where) as (opened, desk):
        command = RegisterPartner(name, title, desk.account_key(name))
        if await find_partner(opened, name) is None:
            await register_partner(opened, command)
        if not any(known.name == name for known in partners.known_partners(where.bus_keys)):
            return await desk.add(name)
    raise PartnerExists(name)


async def _let_in(where: Reach, name: str, *, is_suspended: bool) -> None:
    async with calendar_and_desk(where) as (opened, desk):
        await (desk.suspend(name) if is_suspended else desk.resume(name))
        await note_suspended(opened, name, is_suspended=is_suspended)


async def _at_desk(where: Reach, act: Callable[[PartnerDesk], Awaitable[Result]]) -> Result:
    async with partners.open_desk(where.nats_url, where.bus_keys, where.inner_ca) as desk:
        return await act(desk)


def _seconds(text: str) -> int:
    """Return how long `90s`, `30m`, `24h` or `7d` is."""
    found = re.fullmatch(r"(\d{1,6})([smhd])", text)
    if found is None:
        terminal.fail(f"{text!r} is no time of grace: write 90s, 30m, 24h or 7d", terminal.USAGE)
    return int(found[1]) * {"s": 1, "m": 60, "h": 3600, "d": 86_400}[found[2]]


def _say(name: str, what: str, *, as_json: bool) -> None:
    if as_json:
        [partner] = [one for one in _known() if one.name == name]
        print_json(partner)
    else:
        err.print(f"Partner {name} {what}.")


def _known() -> list[Partner]:
    return partners.known_partners(reach.find().bus_keys)


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
        "nats_url": where.bus_of_partners,
        "account_key": admission.account_key,
    }
    if as_json:
        print_json(told)
        return
    err.print(f"Partner {name} may publish now. Hand this file over; it is kept nowhere else:")
    out.print(file.absolute(), soft_wrap=True)
    err.print(
        f"\nTry it: python examples/partner/publish.py {file} examples/partner/events.json "
        f"{where.bus_of_partners}",
    )

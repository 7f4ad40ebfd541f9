"""`ehrensache partner pull` and `replay`: a partner's events from its own server, or once more."""

from typing import Annotated

import typer

from deploy.cli import reach
from deploy.cli.partner_desk import Name, calendar, told
from deploy.cli.reach import Reach
from deploy.cli.terminal import FAILED, Json, err, out, print_json
from deploy.nats.partners import PartnerUnknown
from services.events.commands.register_pull import RegisterPull, register_pull
from services.events.ingest.model import Partner
from services.events.pulling.model import Pull
from services.events.store import pulls
from services.events.store.partners import find_partner
from shared.database import Connection


def pull(
    name: Name,
    url: Annotated[str | None, typer.Argument(help="Its calendar; shown where left out.")] = None,
    *,
    every: Annotated[int, typer.Option(help="Minutes between two fetches, 15 to 1440.")] = 60,
    is_ended: Annotated[bool, typer.Option("--stop", help="Fetch it no more.")] = False,
    as_json: Json = False,
) -> None:
    """Have a partner's calendar fetched, for those who cannot publish, or show how that goes.

    The events worker fetches it within seconds. Exit code 1 if the last fetch has failed.
    """
    found = told(lambda: _pull(reach.find(), name, url, every, is_ended=is_ended))
    if as_json:
        print_json(found)
    elif found is None:
        err.print(f"No calendar is fetched for {name}.")
    else:
        pulled = f"{found.pulled_at:%Y-%m-%d %H:%M:%S}Z" if found.pulled_at else "not yet"
        out.print(f"{found.url} every {found.every_minutes} minutes", soft_wrap=True)
        out.print(f"last: {pulled} {found.outcome}, next: {found.next_at:%Y-%m-%d %H:%M:%S}Z")
    if found is not None and found.failures:
        raise typer.Exit(FAILED)


def replay(name: Name, *, as_json: Json = False) -> None:
    """Have all kept messages of a partner read once more, after a rule has changed.

    The last message of each item counts, kept for 30 days, in quarantine for 90. The worker starts
    within seconds; receipts tell only what has come out differently.
    """
    count = told(lambda: _replay(reach.find(), name))
    if as_json:
        print_json({"name": name, "messages": count})
    else:
        err.print(f"{count} messages of {name} are read once more.")


async def _pull(
    where: Reach, name: str, url: str | None, every: int, *, is_ended: bool
) -> Pull | None:
    async with calendar(where) as opened:
        partner = await _known(opened, name)
        if is_ended:
            await pulls.forget_pull(opened, partner.partner_id)
        elif url is not None:
            await register_pull(opened, RegisterPull(partner, url, every))
        return await pulls.find_pull(opened, partner.partner_id)


async def _replay(where: Reach, name: str) -> int:
    async with calendar(where) as opened:
        partner = await _known(opened, name)
        return await pulls.ask_replay(opened, partner.partner_id)


async def _known(opened: Connection, name: str) -> Partner:
    partner = await find_partner(opened, name)
    if partner is None:
        raise PartnerUnknown(name)
    return partner

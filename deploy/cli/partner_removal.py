"""`ehrensache partner remove`: says what goes, and lets a partner go when told twice."""

from datetime import UTC, datetime
from typing import Annotated, Literal

import msgspec
import typer
from nats.js.errors import NotFoundError

from deploy.cli import reach
from deploy.cli.partner_desk import Name, calendar_and_desk, told
from deploy.cli.reach import Reach
from deploy.cli.terminal import USAGE, Json, err, fail, out, print_json
from deploy.nats import partners, streams
from deploy.nats.partners import PartnerDesk, PartnerUnknown
from services.events.commands.remove_partner import RemovePartner, remove_partner
from services.events.store.leaving import Leaving, leaving
from services.events.store.partners import find_partner

Fate = Literal["keep", "delete"]


class Removal(msgspec.Struct, frozen=True, kw_only=True):
    """What goes, or went, with a partner."""

    name: str
    events: Fate | None
    is_done: bool
    waiting: int
    """Messages in its stream that nobody has worked on."""
    left: Leaving | None
    """None where the calendar does not know the partner."""


def remove(
    name: Name,
    *,
    events: Annotated[
        Fate | None, typer.Option(help="What becomes of its events; without it nothing is done.")
    ] = None,
    is_confirmed: Annotated[bool, typer.Option("--yes", help="Do it.")] = False,
    as_json: Json = False,
) -> None:
    """Say what would go with a partner; with --events and --yes let it go. There is no way back.

    `--events keep` makes its events the editors' own; `--events delete` takes them out of the
    calendar, and out of the calendars of all who subscribe. Account, stream, items, messages and
    receipts go in any case.
    """
    if is_confirmed and events is None:
        fail("say what becomes of its events: --events keep, or --events delete", USAGE)
    removal = told(lambda: _remove(reach.find(), name, events, is_done=is_confirmed))
    if as_json:
        print_json(removal)
    else:
        _show(removal)


async def _remove(where: Reach, name: str, events: Fate | None, *, is_done: bool) -> Removal:
    async with calendar_and_desk(where) as (opened, desk):
        partner = await find_partner(opened, name)
        has_account = any(one.name == name for one in partners.known_partners(where.bus_keys))
        if partner is None and not has_account:
            raise PartnerUnknown(name)
        waiting = await _waiting(desk, name) if has_account else 0
        left = await leaving(opened, partner.partner_id, datetime.now(UTC)) if partner else None
        if is_done and events is not None:
            if partner is not None:
                await remove_partner(opened, RemovePartner(name, events))
            # Before the commit: if the server refuses, the calendar keeps the partner too.
            if has_account:
                await desk.remove(name)
    return Removal(name=name, events=events, is_done=is_done, waiting=waiting, left=left)


async def _waiting(desk: PartnerDesk, name: str) -> int:
    jetstream = desk.provisioner.jetstream()
    try:
        info = await jetstream.consumer_info(streams.partner_stream(name), streams.INGEST_DURABLE)
    except NotFoundError:
        return 0
    return info.num_pending or 0


def _show(removal: Removal) -> None:
    out.print(f"Partner {removal.name} {'is gone' if removal.is_done else 'would go'}, with")
    out.print(f"  {removal.waiting:>7} messages that are not worked on yet")
    if left := removal.left:
        out.print(f"  {left.messages:>7} kept messages and the receipts for them")
        out.print(f"  {left.quarantined:>7} items in quarantine")
        fate = {"keep": "stay, as the editors' own", "delete": "leave the calendar"}
        stays = fate.get(removal.events or "", "stay or leave, as --events says")
        out.print(
            f"  {left.upcoming:>7} events to come, {left.past} past,"
            f" {left.hidden} not published: {stays}"
        )
    if not removal.is_done:
        err.print("\nNothing was done. Do it with --events keep|delete --yes.")

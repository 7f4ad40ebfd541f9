"""`ehrensache partner status`: how much partners send, what waits, and why items were refused."""

import time
from datetime import datetime
from typing import Annotated

import msgspec
import typer
from nats.js.errors import NotFoundError
from rich.table import Table

from deploy.cli import reach
from deploy.cli.partner_desk import calendar_and_desk, told
from deploy.cli.reach import Reach
from deploy.cli.terminal import FAILED, Json, err, out, print_json
from deploy.nats import partners, streams
from deploy.nats.partners import Partner, PartnerDesk, PartnerUnknown
from services.events.pulling.model import Pull
from services.events.store import pulls, received
from services.events.store.partners import find_partner
from services.events.store.received import Rate, ReasonCount
from shared.database import Connection


class PartnerStatus(msgspec.Struct, frozen=True, kw_only=True):
    """How things stand with one partner."""

    name: str
    is_suspended: bool
    is_registered: bool
    """Whether the calendar knows it; without that nobody reads its stream."""
    old_credentials_until: int | None
    """Unix time up to which replaced credentials count."""
    stored: int | None
    """Messages in its stream, None where it has no stream."""
    backlog: int | None
    """Messages that are not worked on yet."""
    rate: Rate | None
    pull: Pull | None
    """How its calendar is fetched, None where it is not."""
    reasons: list[ReasonCount]
    """What became of its items in the last 30 days."""

    @property
    def is_well(self) -> bool:
        """Whether its items are taken."""
        return self.is_registered and self.stored is not None


def status(
    name: Annotated[str | None, typer.Argument(help="One partner; all where left out.")] = None,
    *,
    as_json: Json = False,
) -> None:
    """Show rate, last item, backlog and reasons. Exit code 1 if a partner is not being read."""
    found = told(lambda: _look(reach.find(), name))
    if as_json:
        print_json(found)
    else:
        _show(found)
    if not all(each.is_well for each in found):
        raise typer.Exit(FAILED)


async def _look(where: Reach, name: str | None) -> list[PartnerStatus]:
    known = [one for one in partners.known_partners(where.bus_keys) if name in (None, one.name)]
    if name is not None and not known:
        raise PartnerUnknown(name)
    async with calendar_and_desk(where) as (connection, desk):
        return [await _status(connection, desk, partner) for partner in known]


async def _status(connection: Connection, desk: PartnerDesk, partner: Partner) -> PartnerStatus:
    registered = await find_partner(connection, partner.name)
    partner_id = registered.partner_id if registered else None
    stored, backlog = await _waiting(desk, partner.name)
    is_current = (partner.old_credentials_until or 0) > time.time()
    return PartnerStatus(
        name=partner.name,
        is_suspended=partner.is_suspended,
        is_registered=registered is not None,
        old_credentials_until=partner.old_credentials_until if is_current else None,
        stored=stored,
        backlog=backlog,
        rate=await received.rate(connection, partner_id) if partner_id else None,
        pull=await pulls.find_pull(connection, partner_id) if partner_id else None,
        reasons=await received.reasons_lately(connection, partner_id) if partner_id else [],
    )


async def _waiting(desk: PartnerDesk, name: str) -> tuple[int | None, int | None]:
    """Return how many messages a partner's stream holds and how many of them are still to do."""
    jetstream = desk.provisioner.jetstream()
    stream = streams.partner_stream(name)
    try:
        info = await jetstream.stream_info(stream)
        durable = await jetstream.consumer_info(stream, streams.INGEST_DURABLE)
    except NotFoundError:
        return None, None
    return info.state.messages, (durable.num_pending or 0) + (durable.num_ack_pending or 0)


def _show(found: list[PartnerStatus]) -> None:
    if not found:
        err.print("There are no partners. `ehrensache partner add` takes one in.")
        return
    table = Table("Name", "State", "Minute", "Hour", "Day", "Last item", "Backlog", box=None)
    for each in found:
        rate = each.rate
        counts = (rate.last_minute, rate.last_hour, rate.last_day) if rate else ("–",) * 3
        last = _moment(rate.received_at) if rate else "–"
        backlog = "no stream" if each.backlog is None else str(each.backlog)
        table.add_row(each.name, _state(each), *map(str, counts), last, backlog)
    out.print(table)
    for each in found:
        _show_more(each)


def _show_more(status: PartnerStatus) -> None:
    if status.old_credentials_until:
        until = datetime.fromtimestamp(status.old_credentials_until).astimezone()
        out.print(f"\n{status.name}: old credentials count until {until:%Y-%m-%d %H:%M}")
    if pull := status.pull:
        failed = f", failed {pull.failures} times in a row" if pull.failures else ""
        out.print(
            f"\n{status.name}: calendar fetched {_moment(pull.pulled_at)} {pull.outcome}{failed}"
        )
    if status.reasons:
        out.print(f"\n{status.name}, last 30 days:")
    for one in status.reasons:
        out.print(f"  {one.count:>7} {one.outcome}{f' {one.reason}' if one.reason else ''}")


def _state(status: PartnerStatus) -> str:
    if not status.is_registered:
        return "unknown to the calendar; repeat `add`"
    return "suspended" if status.is_suspended else "active"


def _moment(at: datetime | None) -> str:
    return f"{at:%Y-%m-%d %H:%M:%S}Z" if at else "none yet"

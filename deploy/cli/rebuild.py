"""`ehrensache rebuild`: fills NATS and the copies that services keep anew from PostgreSQL."""

from typing import Annotated

import msgspec
import typer

from deploy.backup import rebuilding
from deploy.cli.operator import VARIABLES, Operator, operator
from deploy.cli.partner_desk import told
from deploy.cli.progress import Bars
from deploy.cli.terminal import Json, err, print_json
from deploy.nats import permissions
from deploy.nats.partners import open_desk
from deploy.postgres.roles import SERVICES


class Rebuilt(msgspec.Struct, frozen=True, kw_only=True):
    """What has been published once more."""

    facts: dict[str, int]
    """By the service whose outbox keeps them."""
    told: int | None
    """People, associations and engagements that registry tells again; None without --copies."""


def rebuild(
    *,
    copies: Annotated[
        bool,
        typer.Option(
            "--copies", help="Also have recognition learn all people, associations and engagements."
        ),
    ] = False,
    as_json: Json = False,
) -> None:
    """Make the streams anew and publish again what the outboxes still keep; safe to repeat.

    After a restore, or when NATS has lost its data. Services may run; what they have had they
    recognise. Partners' items of the last month are read again.
    """
    target = operator()
    with Bars() as bars:
        rebuilt = told(lambda: _rebuild(target, bars, copies=copies))
    if as_json:
        print_json(rebuilt)
    for service, facts in rebuilt.facts.items():
        err.print(f"{service}: {facts:,} facts are published again.")
    if rebuilt.told is not None:
        err.print(
            f"registry: {rebuilt.told:,} people, associations and engagements are told again."
        )
    err.print("`ehrensache status` shows when everything has arrived.")


rebuild.__doc__ = f"{rebuild.__doc__}\n\n{VARIABLES}"


async def _rebuild(target: Operator, bars: Bars, *, copies: bool) -> Rebuilt:
    bars.tell("streams")
    async with open_desk(target.nats_url, target.bus_keys, target.inner_ca) as desk:
        await rebuilding.read_partners_again(desk.provisioner)
        await desk.restore()
    async with target.bus_as(permissions.PROVISIONER) as client:
        await rebuilding.make_stream_anew(client)
    facts = {}
    for number, service in enumerate(SERVICES):
        bars.tell("facts", 100 * number / len(SERVICES))
        async with target.connected_as(f"{service}_owner") as connection, connection.transaction():
            facts[service] = await rebuilding.publish_again(connection)
    bars.tell("facts", 100)
    return Rebuilt(facts=facts, told=await _tell_again(target, bars) if copies else None)


async def _tell_again(target: Operator, bars: Bars) -> int:
    from services.recognition.honouring.store.known import distrust  # large, rarely needed
    from services.registry.retelling import tell_everything

    bars.tell("copies")
    async with target.connected_as("recognition_app") as connection, connection.transaction():
        await distrust(connection)
    async with target.connected_as("registry_app") as connection, connection.transaction():
        return await tell_everything(connection)

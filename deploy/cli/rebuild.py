"""`ehrensache rebuild`: fills NATS and the copies that services keep anew from PostgreSQL."""

import asyncio
from typing import Annotated

import typer

from deploy.backup import rebuilding
from deploy.cli.operator import VARIABLES, Operator, operator
from deploy.cli.terminal import err
from deploy.nats import permissions
from deploy.nats.partners import open_desk
from deploy.postgres.roles import SERVICES


def rebuild(
    *,
    copies: Annotated[
        bool,
        typer.Option(
            "--copies", help="Also have recognition learn all people, associations and engagements."
        ),
    ] = False,
) -> None:
    """Make the streams anew and publish again what the outboxes still keep; safe to repeat.

    After a restore, or when NATS has lost its data. Services may run; what they have had they
    recognise. Partners' items of the last month are read again.
    """
    asyncio.run(_rebuild(operator(), copies=copies))


rebuild.__doc__ = f"{rebuild.__doc__}\n\n{VARIABLES}"


async def _rebuild(target: Operator, *, copies: bool) -> None:
    async with open_desk(target.nats_url, target.bus_keys, target.inner_ca) as desk:
        await rebuilding.read_partners_again(desk.provisioner)
        await desk.restore()
    async with target.bus_as(permissions.PROVISIONER) as client:
        await rebuilding.make_stream_anew(client)
    for service in SERVICES:
        async with target.connected_as(f"{service}_owner") as connection, connection.transaction():
            facts = await rebuilding.publish_again(connection)
        err.print(f"{service}: {facts:,} facts are published again.")
    if copies:
        from services.recognition.honouring.store.known import distrust  # large, rarely needed
        from services.registry.retelling import tell_everything

        async with target.connected_as("recognition_app") as connection, connection.transaction():
            await distrust(connection)
        async with target.connected_as("registry_app") as connection, connection.transaction():
            told = await tell_everything(connection)
        err.print(f"registry: {told:,} people, associations and engagements are told again.")
    err.print("`ehrensache status` shows when everything has arrived.")

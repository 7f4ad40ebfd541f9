"""`ehrensache provision`: brings streams, durables and partners' accounts up to date."""

import asyncio

from deploy.cli.operator import VARIABLES, Operator, operator
from deploy.cli.terminal import err
from deploy.nats import accounts, permissions, streams
from deploy.nats.listening import listens_to
from deploy.nats.partners import known_partners, open_desk


def provision() -> None:
    """Make the streams and durables that are missing and update the others; safe to repeat.

    Partners whose accounts the server has lost become known again.
    """
    target = operator()
    accounts.ensure(target.bus_keys)
    asyncio.run(_provision(target))
    partners = len(known_partners(target.bus_keys))
    err.print(f"Streams are up to date, and the accounts of {partners} partners.")


async def _provision(target: Operator) -> None:
    async with target.bus_as(permissions.PROVISIONER) as client:
        await streams.provision(client, listens_to())
    async with open_desk(target.nats_url, target.bus_keys, target.inner_ca) as desk:
        await desk.restore()


provision.__doc__ = f"{provision.__doc__}\n\n{VARIABLES}"

"""`ehrensache provision`: brings streams, durables and partners' accounts up to date."""

from deploy.cli.operator import VARIABLES, Operator, operator
from deploy.cli.partner_desk import told
from deploy.cli.terminal import Json, err, print_json
from deploy.nats import accounts, permissions, streams
from deploy.nats.listening import listens_to
from deploy.nats.partners import known_partners, open_desk


def provision(
    *,
    as_json: Json = False,
) -> None:
    """Make the streams and durables that are missing and update the others; safe to repeat.

    Partners whose accounts the server has lost become known again.
    """
    target = operator()
    accounts.ensure(target.bus_keys)
    told(lambda: _provision(target))
    partners = [partner.name for partner in known_partners(target.bus_keys)]
    if as_json:
        print_json({"services": sorted(listens_to()), "partners": partners})
    err.print(f"Streams are up to date, and the accounts of {len(partners)} partners.")


async def _provision(target: Operator) -> None:
    async with target.bus_as(permissions.PROVISIONER) as client:
        await streams.provision(client, listens_to())
    async with open_desk(target.nats_url, target.bus_keys, target.inner_ca) as desk:
        await desk.restore()


provision.__doc__ = f"{provision.__doc__}\n\n{VARIABLES}"

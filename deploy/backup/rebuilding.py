"""Fills NATS anew from PostgreSQL, which is the truth (decision 0002)."""

from contextlib import suppress

from nats.aio.client import Client
from nats.js import JetStreamContext
from nats.js.errors import NotFoundError

from deploy.nats import streams
from deploy.nats.listening import listens_to
from shared import outbox
from shared.database import Connection


async def make_stream_anew(provisioner: Client) -> None:
    """Delete the stream of facts with its durables and make them again, empty.

    Emptying it would not do: the stream would still take what it has had in the last minutes for
    doubles.
    """
    jetstream = provisioner.jetstream(timeout=streams.PATIENCE_SECONDS)
    with suppress(NotFoundError):  # NATS has lost its data
        await jetstream.delete_stream(streams.FACTS)
    await streams.provision(provisioner, listens_to())


async def publish_again(transaction: Connection) -> int:
    """Have a service's relay publish all facts that its outbox keeps; return how many.

    Facts of the last 30 days; consumers leave out what their inboxes have seen.
    """
    return await outbox.republish(transaction)


async def read_partners_again(provisioner: Client) -> None:
    """Have events read what partners' streams keep, from their beginning.

    Delete the durables only: `Desk.restore` makes them again. What events has had already changes
    nothing and is receipted as unchanged.
    """
    jetstream = provisioner.jetstream(timeout=streams.PATIENCE_SECONDS)
    for name in await _partner_streams(jetstream):
        with suppress(NotFoundError):
            await jetstream.delete_consumer(name, streams.INGEST_DURABLE)


async def _partner_streams(jetstream: JetStreamContext) -> list[str]:
    found = await jetstream.streams_info()
    names = [info.config.name or "" for info in found]
    return [name for name in names if name.startswith(streams.partner_stream(""))]

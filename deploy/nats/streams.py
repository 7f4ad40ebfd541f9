"""Makes the streams and durables that the services read from; only this job may do it."""

from collections.abc import Mapping, Sequence

from nats.aio.client import Client
from nats.js import JetStreamContext
from nats.js.api import (
    AckPolicy,
    ConsumerConfig,
    DiscardPolicy,
    RetentionPolicy,
    StorageType,
    StreamConfig,
)
from nats.js.errors import NotFoundError

from deploy.postgres.roles import SERVICES

FACTS = "FACTS"
INGEST_DURABLE = "events"
KILOBYTE = 1024
MEGABYTE = 1024 * KILOBYTE
DAY_SECONDS = 24 * 60 * 60
DUPLICATE_WINDOW_SECONDS = 10 * 60
PATIENCE_SECONDS = 30.0
"""How long the server may take for one stream, with every write synced on a busy disk."""
ITEM_BYTES = 64 * KILOBYTE
HEADER_BYTES = 4 * KILOBYTE
"""What an item's headers may take beside it, since the stream counts both."""

UNLIMITED = -1
"""How often a message is delivered: who takes it gives up on it, and says so. At a limit of its own
the server would pass it over without a word, as after so many deaths of a worker."""

CLUSTER_COPIES = 3

EVERYTHING: Mapping[str, Sequence[str]] = dict.fromkeys(SERVICES, ("facts.>",))


async def provision(
    connection: Client, listens_to: Mapping[str, Sequence[str]] = EVERYTHING
) -> None:
    """Bring the stream of facts and its durables to their wished state; repeat it at will.

    Args:
        connection: of the provisioner.
        listens_to: for each service, the subjects that its durable is filled with; never empty.
    """
    jetstream = connection.jetstream(timeout=PATIENCE_SECONDS)
    await _ensure_stream(jetstream, _facts(_copies(connection)))
    for service, subjects in listens_to.items():
        await jetstream.add_consumer(FACTS, _durable(service, subjects))


async def provision_partner(connection: Client, name: str, account_key: str) -> None:
    """Bring a partner's own stream and the durable on it to their wished state.

    Args:
        connection: of the provisioner.
        name: of the partner: lower-case letters, digits and hyphens.
        account_key: public key of the partner's account.
    """
    jetstream = connection.jetstream(timeout=PATIENCE_SECONDS)
    await _ensure_stream(jetstream, _items(name, account_key, _copies(connection)))
    durable = _durable(INGEST_DURABLE, [f"partner.{account_key}.>"])
    await jetstream.add_consumer(partner_stream(name), durable)


async def remove_partner(connection: Client, name: str) -> None:
    """Delete a partner's stream with everything in it; nothing happens if there is none."""
    try:
        await connection.jetstream(timeout=PATIENCE_SECONDS).delete_stream(partner_stream(name))
    except NotFoundError:
        return


def partner_stream(name: str) -> str:
    """Return the name of the stream that a partner's items are kept in."""
    return f"PARTNER_{name.upper().replace('-', '_')}"


def _copies(connection: Client) -> int:
    """Return on how many servers a stream is kept: one, or three of a cluster."""
    return CLUSTER_COPIES if connection.discovered_servers else 1


def _facts(copies: int) -> StreamConfig:
    return StreamConfig(
        name=FACTS,
        description="What the services tell each other",
        subjects=["facts.>"],
        retention=RetentionPolicy.LIMITS,
        storage=StorageType.FILE,
        discard=DiscardPolicy.NEW,
        max_age=30 * DAY_SECONDS,
        max_bytes=4 * 1024 * MEGABYTE,
        max_msg_size=64 * KILOBYTE,
        duplicate_window=DUPLICATE_WINDOW_SECONDS,
        num_replicas=copies,
        allow_atomic=True,
    )


def _items(name: str, account_key: str, copies: int) -> StreamConfig:
    """Describe a partner's stream; headers with side effects stay switched off on it.

    What was worked on stays for a month, so that it can be read again after a restore.
    """
    return StreamConfig(
        name=partner_stream(name),
        description=f"What the partner {name} publishes",
        subjects=[f"partner.{account_key}.>"],
        retention=RetentionPolicy.LIMITS,
        storage=StorageType.FILE,
        discard=DiscardPolicy.NEW,
        max_age=30 * DAY_SECONDS,
        max_bytes=256 * MEGABYTE,
        max_msg_size=ITEM_BYTES + HEADER_BYTES,
        duplicate_window=DUPLICATE_WINDOW_SECONDS,
        num_replicas=copies,
        allow_rollup_hdrs=False,
        allow_msg_ttl=False,
        allow_msg_schedules=False,
        allow_atomic=False,
        allow_batched=False,
        allow_msg_counter=False,
    )


def _durable(name: str, subjects: Sequence[str]) -> ConsumerConfig:
    return ConsumerConfig(
        durable_name=name,
        filter_subjects=sorted(subjects),
        ack_policy=AckPolicy.EXPLICIT,
        ack_wait=30,
        max_ack_pending=1024,
        max_deliver=UNLIMITED,
    )


async def _ensure_stream(jetstream: JetStreamContext, wished: StreamConfig) -> None:
    try:
        await jetstream.update_stream(wished)
    except NotFoundError:
        await jetstream.add_stream(wished)

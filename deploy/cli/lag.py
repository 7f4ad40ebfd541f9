"""Says how far a durable is behind its stream, and how long the oldest message has waited."""

from datetime import UTC, datetime

import msgspec
from nats.aio.client import Client
from nats.js import JetStreamContext
from nats.js.api import ConsumerInfo
from nats.js.errors import Error as JetStreamError
from nats.js.errors import NotFoundError

from deploy.cli.state import StreamState

PARTNERS = "PARTNER_"
PARTNERS_DURABLE = "events"


class Lag(msgspec.Struct, frozen=True):
    """What a durable has before it."""

    pending: int
    unacknowledged: int
    redelivered: int
    oldest_seconds: float
    """0 if nothing waits."""


NOTHING_KNOWN = Lag(-1, -1, -1, 0.0)


async def of_durable(client: Client, stream: str, durable: str) -> Lag | None:
    """Return how far a durable is behind; None if there is no such durable."""
    jetstream = client.jetstream()
    try:
        info = await jetstream.consumer_info(stream, durable)
    except (JetStreamError, TimeoutError):
        return None
    pending, unacknowledged = info.num_pending or 0, info.num_ack_pending or 0
    waits = await _oldest_seconds(jetstream, info) if pending or unacknowledged else 0.0
    return Lag(pending, unacknowledged, info.num_redelivered or 0, waits)


async def of_partners(client: Client) -> dict[str, Lag]:
    """Return how far events is behind each partner's stream, by the stream's name."""
    found: dict[str, Lag] = {}
    for info in await client.jetstream().streams_info():
        name = info.config.name or ""
        if name.startswith(PARTNERS):
            found[name] = await of_durable(client, name, PARTNERS_DURABLE) or NOTHING_KNOWN
    return found


async def of_streams(client: Client) -> list[StreamState]:
    """Return how full each stream is."""
    return [
        StreamState(
            info.config.name or "",
            info.state.messages,
            info.state.bytes,
            info.config.max_bytes or 0,
        )
        for info in await client.jetstream().streams_info()
    ]


async def _oldest_seconds(jetstream: JetStreamContext, info: ConsumerInfo) -> float:
    """Return the age of the first message behind the acknowledged ones that the durable hears."""
    done = info.ack_floor.stream_seq if info.ack_floor else 0
    config = info.config
    subjects = config.filter_subjects or [config.filter_subject or ">"]
    ages = []
    for subject in subjects:
        try:
            message = await jetstream.get_msg(
                info.stream_name, seq=done + 1, subject=subject, next=True
            )
        except NotFoundError:
            continue
        if message.time:
            ages.append((datetime.now(UTC) - message.time).total_seconds())
    return max(ages, default=0.0)

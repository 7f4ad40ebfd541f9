"""A lone message is not held back, and many come together."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import suppress
from typing import Final

import msgspec
import nats.errors
import pytest
from nats.aio.client import Client
from nats.js import JetStreamContext
from nats.js.errors import NotFoundError

from deploy.nats import permissions, streams
from shared.pulling import pull
from tests.conftest import Bus
from tests.waiting import until

Subscription = JetStreamContext.PullSubscription

SUBJECT: Final = "facts.registry.something_happened.v1"
PATIENCE_SECONDS: Final = 60.0
"""Whoever waits for it to be over fails."""
SECOND: Final = 1_000_000_000


@pytest.fixture
async def client(nats_server: Bus) -> AsyncIterator[Client]:
    """A service beside fresh streams."""
    async with nats_server.client(permissions.PROVISIONER) as provisioner:
        with suppress(NotFoundError):
            await provisioner.jetstream().delete_stream(streams.FACTS)
        await streams.provision(provisioner)
    async with nats_server.client("registry") as opened:
        yield opened


@pytest.fixture
async def subscription(client: Client) -> Subscription:
    """A service's durable."""
    return await client.jetstream().pull_subscribe_bind("registry", stream=streams.FACTS)


async def ask(subscription: Subscription, count: int) -> None:
    """Ask the server for messages without waiting for them, as the client's `fetch` may leave it.

    Source: nats-io/nats.py#986.
    """
    await subscription._nc.publish(
        subscription._nms,
        msgspec.json.encode({"batch": count, "expires": 50 * SECOND}),
        subscription._deliver,
    )


async def are_asked_for(subscription: Subscription, requests: int) -> None:
    async def known() -> bool:
        return bool((await subscription.consumer_info()).num_waiting == requests)

    await until(known)


async def test_a_lone_message_is_not_held_back_by_a_request_left_behind(
    client: Client, subscription: Subscription
) -> None:
    await ask(subscription, 16)
    for number in range(3):
        await client.jetstream().publish(SUBJECT, str(number).encode())

        async with asyncio.timeout(PATIENCE_SECONDS / 2):
            [message] = await pull(subscription, 16, PATIENCE_SECONDS)

        assert message.data == str(number).encode()
        await message.ack()


async def test_all_that_are_there_come_together_in_their_order(
    client: Client, subscription: Subscription
) -> None:
    for number in range(12):
        await client.jetstream().publish(SUBJECT, str(number).encode())

    first = await pull(subscription, 10, PATIENCE_SECONDS)
    rest = await pull(subscription, 10, PATIENCE_SECONDS)

    assert [int(message.data) for message in first + rest] == list(range(12))
    assert (len(first), len(rest)) == (10, 2)


async def test_what_another_process_gets_is_not_waited_for(
    client: Client, subscription: Subscription
) -> None:
    """The server has counted two when it hands out the first; the second goes to the other."""
    other = await client.jetstream().pull_subscribe_bind("registry", stream=streams.FACTS)
    pulling = asyncio.create_task(pull(subscription, 5, PATIENCE_SECONDS))
    await are_asked_for(subscription, 1)
    await ask(other, 1)
    await are_asked_for(subscription, 2)
    headers = {"Nats-Batch-Id": "two", "Nats-Batch-Sequence": "1"}

    await client.publish(SUBJECT, b"mine", headers=headers)
    last = headers | {"Nats-Batch-Sequence": "2", "Nats-Batch-Commit": "1"}
    await client.request(SUBJECT, b"the other's", headers=last)

    assert [message.data for message in await pulling] == [b"mine"]
    assert [message.data for message in await other.fetch(1)] == [b"the other's"]


async def test_nothing_is_nothing(subscription: Subscription) -> None:
    with pytest.raises(nats.errors.TimeoutError):
        await pull(subscription, 16, 0.1)

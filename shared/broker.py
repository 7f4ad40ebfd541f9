"""Connects a process to NATS and binds its service's durable consumer through FastStream."""

import os
from collections.abc import Awaitable, Callable, Sequence
from typing import Any, TypeVar

import msgspec
from fast_depends.msgspec import MsgSpecSerializer
from faststream import AckPolicy
from faststream.nats import JStream, NatsBroker, PullSub
from faststream.nats.annotations import NatsMessage
from faststream.nats.security import NatsCredentials
from nats.aio.client import Client, RawCredentials

from shared.contracts.fact import Fact
from shared.database import Connection
from shared.settings import ServiceSettings
from shared.telemetry import log

STREAM = "FACTS"
BATCH = 256
CLOSED_FOR_GOOD = 70
"""Exit code, EX_SOFTWARE: the supervisor starts the process again."""

AnyFact = TypeVar("AnyFact", bound=Fact)
Handler = Callable[[Connection, Sequence[Any]], Awaitable[None]]


class Subscriptions:
    """What one service listens to: which function takes which facts."""

    def __init__(self, service: str) -> None:
        self.service = service
        self.handlers: dict[str, Handler] = {}
        self.kinds: dict[str, type[Fact]] = {}

    def on(self, *kinds: type[Fact]) -> Callable[[Handler], Handler]:
        """Register a handler for these kinds of facts.

        It is called as `handler(transaction, facts)` with a run of facts in their order, each of
        which the service sees for the first time, and must not commit.
        """

        def register(handler: Handler) -> Handler:
            for kind in kinds:
                if kind.subject in self.handlers:
                    raise ValueError(f"{self.service} listens twice to {kind.subject}")
                self.handlers[kind.subject] = handler
                self.kinds[kind.subject] = kind
            return handler

        return register


def create_broker(service: str, process: str, settings: ServiceSettings) -> NatsBroker:
    """Build a broker that tries to reconnect for ever and ends the process if it is closed.

    NATS that has gone silent is noticed after 15 s, one that answers again within a second.
    """
    security = (
        NatsCredentials(RawCredentials(settings.nats_credentials))
        if settings.nats_credentials
        else None
    )
    return NatsBroker(
        settings.nats_url,
        name=f"ehrensache-{service}-{process}",
        security=security,
        serializer=MsgSpecSerializer(),
        logger=None,
        inbox_prefix=inbox_prefix(service),
        connect_timeout=5,
        reconnect_time_wait=1,
        max_reconnect_attempts=-1,
        ping_interval=5,
        max_outstanding_pings=2,
        error_cb=_log_error,
        disconnected_cb=_log_disconnected,
        reconnected_cb=_log_reconnected,
        closed_cb=_exit,
        graceful_timeout=10,
    )


async def connect(broker: NatsBroker) -> Client:
    """Open the broker's connection and return the NATS client that it shares with the process."""
    return await broker.connect()


def bind(broker: NatsBroker, service: str, take: Callable[[list[Any]], Awaitable[None]]) -> None:
    """Have every fetched batch of the service's durable given to `take`, which acknowledges it.

    The durable is provisioned elsewhere: a subscriber that declared stream or consumer would
    overwrite their settings.
    """

    @broker.subscriber(
        "facts.>",
        stream=JStream(STREAM, declare=False),
        durable=service,
        pull_sub=PullSub(BATCH, batch=True, timeout=0.05),
        ack_policy=AckPolicy.MANUAL,
        inbox_prefix=f"{inbox_prefix(service)}.".encode(),
        decoder=_leave_encoded,
    )
    async def on_batch(batch: NatsMessage) -> None:
        raw: Any = batch.raw_message
        await take(raw if isinstance(raw, list) else [raw])


def inbox_prefix(service: str) -> str:
    """Return where answers to a service go; no other service may listen there."""
    return f"_INBOX_{service}"


class Closing(msgspec.Struct):
    """Whether the process is ending by itself, so that a closed connection is no surprise."""

    by_ourselves: bool = False


closing = Closing()


async def _leave_encoded(message: Any) -> Any:
    return message.body


async def _log_error(error: Exception) -> None:
    log().warning("nats_error", error=repr(error))


async def _log_disconnected() -> None:
    if not closing.by_ourselves:
        log().warning("nats_disconnected")


async def _log_reconnected() -> None:
    log().info("nats_reconnected")


async def _exit() -> None:
    if not closing.by_ourselves:
        log().critical("nats_closed_for_good")
        os._exit(CLOSED_FOR_GOOD)

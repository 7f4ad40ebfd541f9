"""Connects a process to NATS and pulls its service's facts from their durable."""

import asyncio
import os
from collections.abc import Awaitable, Callable, Sequence
from typing import TypeVar

import msgspec
from fast_depends.msgspec import MsgSpecSerializer
from faststream.nats import NatsBroker
from faststream.nats.security import NatsCredentials, NatsSecurity
from nats.aio.client import Client, RawCredentials
from nats.aio.msg import Msg
from nats.js import JetStreamContext
from nats.js.errors import Error as JetStreamError

from shared import inner_tls
from shared.contracts.fact import Fact
from shared.database import Connection
from shared.pulling import pull
from shared.settings import ServiceSettings
from shared.telemetry import log, tracing

STREAM = "FACTS"
BATCH = 256
FETCH_SECONDS = 2.0
"""How long one fetch waits: the longest gap after the server has been away."""
CLOSED_FOR_GOOD = 70
"""Exit code, EX_SOFTWARE: the supervisor starts the process again."""

AnyFact = TypeVar("AnyFact", bound=Fact)
Take = Callable[[Sequence[Msg]], Awaitable[None]]
Handler = Callable[..., Awaitable[None]]
"""Takes a transaction and facts, and their traceparents if it wants them."""


class Subscriptions:
    """What one service listens to: which function takes which facts."""

    def __init__(self, service: str) -> None:
        self.service = service
        self.handlers: dict[str, Handler] = {}
        self.kinds: dict[str, type[Fact]] = {}
        self.silent: set[str] = set()
        """Subjects whose handler records no facts."""
        self.traced: set[str] = set()
        """Subjects whose handler is told the facts' traces."""

    def on(
        self, *kinds: type[Fact], silent: bool = False, traced: bool = False
    ) -> Callable[[Handler], Handler]:
        """Register a handler for these kinds of facts.

        It is called as `handler(transaction, facts)` with a run of facts in their order, each of
        which the service sees for the first time, and must not commit.

        Args:
            kinds: what it takes.
            silent: it records no facts, which would have to go on with the trace of the one that
                they follow from; then a run may hold facts of many traces.
            traced: it is silent, but keeps each fact's trace with what it does: it is called as
                `handler(transaction, facts, traceparents)`.
        """

        def register(handler: Handler) -> Handler:
            for kind in kinds:
                if kind.subject in self.handlers:
                    raise ValueError(f"{self.service} listens twice to {kind.subject}")
                self.handlers[kind.subject] = handler
                self.kinds[kind.subject] = kind
                if silent or traced:
                    self.silent.add(kind.subject)
                if traced:
                    self.traced.add(kind.subject)
            return handler

        return register

    async def handle(
        self, transaction: Connection, facts: Sequence[Fact], traceparents: Sequence[str]
    ) -> None:
        """Have the effects of a run of facts, all for one handler, each with its trace."""
        subject = facts[0].subject
        told = (facts, traceparents) if subject in self.traced else (facts,)
        with tracing(traceparents[0]):
            await self.handlers[subject](transaction, *told)


def create_broker(service: str, process: str, settings: ServiceSettings) -> NatsBroker:
    """Build a broker that tries to reconnect for ever and ends the process if it is closed.

    NATS that has gone silent is noticed after 15 s, one that answers again within a second.
    """
    return NatsBroker(
        settings.nats_url,
        name=f"ehrensache-{service}-{process}",
        security=_security(settings),
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


def _security(settings: ServiceSettings) -> NatsSecurity:
    """Return how the process signs in, and whether over TLS.

    With TLS the handshake comes first: nats-py would otherwise speak without it to a server that
    does not ask for it.
    """
    tls = inner_tls.context(settings.inner_ca)
    is_first = tls is not None
    if not settings.nats_credentials:
        return NatsSecurity(ssl_context=tls, tls_handshake_first=is_first)
    credentials = RawCredentials(settings.nats_credentials)
    return NatsCredentials(credentials, ssl_context=tls, tls_handshake_first=is_first)


async def connect(broker: NatsBroker) -> Client:
    """Open the broker's connection and return the NATS client that it shares with the process."""
    return await broker.connect()


class Puller:
    """Hands a service's facts in batches to `take`, which acknowledges them.

    FastStream's batch subscriber would do the same, but it asks for the rest of a batch in
    fragments, and up to 7 in 100 lone messages then wait for the durable's `ack_wait`: see
    docs/decisions/0004. The durable is provisioned elsewhere; a subscriber that declared it would
    overwrite its settings.
    """

    def __init__(self, client: Client, service: str, take: Take) -> None:
        self._client = client
        self._service = service
        self._take = take
        self._stopping = False

    async def run(self) -> None:
        """Pull until `stop`; a durable or a server that is away is waited for."""
        jetstream = self._client.jetstream()
        subscription = await jetstream.pull_subscribe_bind(durable=self._service, stream=STREAM)
        try:
            await self._pull(subscription)
        finally:
            await subscription.unsubscribe()  # or the connection waits for it when it drains

    def stop(self) -> None:
        """Let the batch in hand be finished and fetch no other."""
        self._stopping = True

    async def _pull(self, subscription: JetStreamContext.PullSubscription) -> None:
        while not self._stopping:
            try:
                messages = await pull(subscription, BATCH, FETCH_SECONDS)
            except TimeoutError:
                continue
            except JetStreamError as error:
                log().error("durable_is_away", durable=self._service, error=repr(error))
                await asyncio.sleep(FETCH_SECONDS)
                continue
            await self._take(messages)


def inbox_prefix(service: str) -> str:
    """Return where answers to a service go; no other service may listen there."""
    return f"_INBOX_{service}"


class Closing(msgspec.Struct):
    """Whether the process is ending by itself, so that a closed connection is no surprise."""

    by_ourselves: bool = False


closing = Closing()


async def _log_error(error: Exception) -> None:
    log().warning("nats_error", error=f"{inner_tls.named(error)}{error!r}")


async def _log_disconnected() -> None:
    if not closing.by_ourselves:
        log().warning("nats_disconnected")


async def _log_reconnected() -> None:
    log().info("nats_reconnected")


async def _exit() -> None:
    if not closing.by_ourselves:
        log().critical("nats_closed_for_good")
        os._exit(CLOSED_FOR_GOOD)

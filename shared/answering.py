"""Answers what other services ask by id over NATS; `shared.asks` is the other end."""

from collections.abc import Awaitable, Callable, Iterable, Sequence
from typing import Any
from uuid import UUID

import msgspec
from faststream.nats import NatsBroker
from faststream.nats.annotations import NatsMessage

from shared.asks import Reply
from shared.contracts.ask import Ask
from shared.telemetry import log, tracing

MOST_BYTES = 200_000
"""What one answer may weigh, below the server's max_payload; a larger one is asked for in parts."""

Reader = Callable[[Sequence[UUID]], Awaitable[Sequence[msgspec.Struct]]]


class Answering(msgspec.Struct, frozen=True):
    """An ask that a service answers, and the function that reads the rows."""

    kind: type[Ask[Any]]
    read: Reader


def answer_asks(broker: NatsBroker, service: str, answers: Iterable[Answering]) -> None:
    """Have the broker answer these asks; the service's processes share the work."""
    for answering in answers:
        _answer(broker, service, answering)


def _answer(broker: NatsBroker, service: str, answering: Answering) -> None:
    @broker.subscriber(answering.kind.subject, queue=service, decoder=_leave_encoded)
    async def on_ask(message: NatsMessage) -> bytes:
        with tracing(message.headers.get("traceparent")):
            return await _reply(answering, message.body)


async def _reply(answering: Answering, body: bytes) -> bytes:
    try:
        ask = msgspec.json.decode(body, type=answering.kind)
    except (msgspec.DecodeError, RecursionError) as error:
        return msgspec.json.encode(Reply(error=f"malformed ask: {error}"))
    try:
        rows = await answering.read(ask.ids)
    except Exception as error:  # noqa: BLE001 - the edge: the asker is told, the log has the rest
        log().error("ask_failed", subject=answering.kind.subject, exc_info=error)
        return msgspec.json.encode(Reply(error=type(error).__name__))
    encoded = msgspec.json.encode(rows)
    if len(encoded) > MOST_BYTES:
        return msgspec.json.encode(Reply(error="answer too large", too_large=True))
    return msgspec.json.encode(Reply(rows=msgspec.Raw(encoded)))


async def _leave_encoded(message: Any) -> Any:
    return message.body

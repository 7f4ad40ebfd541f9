"""Asks another service for rows by id over NATS, and answers such asks."""

from collections.abc import Awaitable, Callable, Iterable, Sequence
from typing import Any, TypeVar
from uuid import UUID

import msgspec
import nats.errors
from faststream.nats import NatsBroker
from faststream.nats.annotations import NatsMessage
from nats.aio.client import Client

from shared.contracts.ask import MOST_IDS, Ask
from shared.telemetry import current_traceparent, log, tracing

TIMEOUT_SECONDS = 5.0
MOST_BYTES = 200_000
"""What one answer may weigh, below the server's max_payload; a larger one is asked for in parts."""

Row = TypeVar("Row", bound=msgspec.Struct)
Reader = Callable[[Sequence[UUID]], Awaitable[Sequence[msgspec.Struct]]]


class AskFailed(Exception):
    """The other service did not answer in time: try again later."""


class Reply(msgspec.Struct, frozen=True):
    """What stands in the answer: the rows, or why there are none."""

    rows: msgspec.Raw = msgspec.Raw(b"[]")
    error: str = ""
    too_large: bool = False


class Asks:
    """Asks other services. Works while NATS is away in the sense that it says so at once."""

    def __init__(self, client: Client | None) -> None:
        self._client = client

    async def __call__(self, kind: type[Ask[Row]], ids: Iterable[UUID]) -> list[Row]:
        """Return the rows with these ids, in no particular order; unknown ids are left out.

        Raises:
            AskFailed: nobody answered, or the other service could not.
        """
        wanted = tuple(dict.fromkeys(ids))
        rows: list[Row] = []
        for start in range(0, len(wanted), MOST_IDS):
            rows += await self._ask(kind, wanted[start : start + MOST_IDS])
        return rows

    async def _ask(self, kind: type[Ask[Row]], ids: tuple[UUID, ...]) -> list[Row]:
        reply = await self._request(kind, ids)
        if reply.too_large and len(ids) > 1:
            middle = len(ids) // 2
            return [*await self._ask(kind, ids[:middle]), *await self._ask(kind, ids[middle:])]
        if reply.error:
            raise AskFailed(f"{kind.subject}: {reply.error}")
        rows: list[Row] = msgspec.json.decode(reply.rows, type=list[kind.answer])  # type: ignore[name-defined]
        return rows

    async def _request(self, kind: type[Ask[Row]], ids: tuple[UUID, ...]) -> Reply:
        if self._client is None or not self._client.is_connected:
            raise AskFailed(f"{kind.subject}: NATS is not reachable")
        try:
            message = await self._client.request(
                kind.subject,
                msgspec.json.encode(kind(ids=ids)),
                timeout=TIMEOUT_SECONDS,
                headers={"traceparent": current_traceparent(), "content-type": "application/json"},
            )
        except (TimeoutError, nats.errors.Error, OSError) as error:
            raise AskFailed(f"{kind.subject}: {error!r}") from error
        return msgspec.json.decode(message.data, type=Reply)


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

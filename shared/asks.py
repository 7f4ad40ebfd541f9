"""Asks another service for rows by id over NATS; `shared.answering` is the other end."""

from collections.abc import Iterable
from typing import TypeVar
from uuid import UUID

import msgspec
import nats.errors
from nats.aio.client import Client

from shared.contracts.ask import MOST_IDS, Ask
from shared.telemetry import current_traceparent

TIMEOUT_SECONDS = 5.0

Row = TypeVar("Row", bound=msgspec.Struct)


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

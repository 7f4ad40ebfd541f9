"""A partner's system: knows its credentials, the address of the bus, and nothing else of us."""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, Final
from uuid import uuid4

import msgspec
import nats
from nats.aio.client import Client, RawCredentials
from nats.aio.subscription import Subscription

from tests.journeys.system import System

RECEIPT_SECONDS: Final = 30


class Receipt(msgspec.Struct, frozen=True, kw_only=True):
    """What the partner is told about an item."""

    id: str
    message: str
    outcome: str
    reason: str = ""
    field: str = ""
    hint: str = ""
    event: str = ""


class PartnerSystem:
    """Publishes items and hears what became of them."""

    def __init__(self, name: str, client: Client, receipts: Subscription) -> None:
        self.name = name
        self._client = client
        self._receipts = receipts

    async def publish(
        self, item: dict[str, Any] | bytes, *, kind: str = "application/ld+json", source: str = ""
    ) -> Receipt:
        """Publish an item, wait until it is stored, and return the receipt.

        Args:
            item: JSON, or bytes that are sent as they are.
            kind: media type.
            source: who it says it is; its own name if left out.
        """
        headers = {
            "ce-specversion": "1.0",
            "ce-id": str(uuid4()),
            "ce-type": "event",
            "ce-source": source or self.name,
            "ce-datacontenttype": kind,
        }
        content = item if isinstance(item, bytes) else json.dumps(item).encode()
        await self._client.jetstream().publish("publish.event", content, headers=headers)
        told = await self._receipts.next_msg(timeout=RECEIPT_SECONDS)
        receipt = msgspec.json.decode(told.data, type=Receipt)
        if receipt.message != headers["ce-id"]:
            raise AssertionError(f"a receipt for another message: {receipt}")
        return receipt

    @property
    def unread_receipts(self) -> int:
        """Return how many receipts have come that belong to nothing it has published."""
        return self._receipts.pending_msgs


@asynccontextmanager
async def taken_in(system: System, name: str, title: str) -> AsyncIterator[PartnerSystem]:
    """Have the operator take a partner in, and connect with what the operator hands over."""
    await system.operate("partner", "add", name, "--title", title)
    credentials = RawCredentials(await system.handed_over(f"{name}.creds"))
    client = await nats.connect(
        f"{_websocket(system.notes.gateway)}/bus", user_credentials=credentials
    )
    try:
        yield PartnerSystem(name, client, await client.subscribe("receipts.>"))
    finally:
        await client.close()


def _websocket(origin: str) -> str:
    return origin.replace("http", "ws", 1)

"""Holds the api's connection to NATS, which may come late, go and return without harm to pages."""

import asyncio
from contextlib import suppress

from nats.aio.client import Client

from shared import broker
from shared.asks import Asks
from shared.settings import ServiceSettings


class Bus:
    """A connection that is sought in the background, and the asks that go over it."""

    def __init__(self, service: str, settings: ServiceSettings) -> None:
        self._broker = broker.create_broker(service, "api", settings)
        self._seeking: asyncio.Task[None] | None = None
        self._client: Client | None = None
        self.asks = Asks(None)

    @property
    def is_connected(self) -> bool:
        """Whether NATS could be asked now."""
        return self._client is not None and self._client.is_connected

    def seek(self) -> None:
        """Begin to connect; the client itself tries again until it can."""
        self._seeking = asyncio.create_task(self._connect())

    async def close(self) -> None:
        """Stop seeking and leave."""
        broker.closing.by_ourselves = True
        if self._seeking is not None:
            self._seeking.cancel()
            with suppress(asyncio.CancelledError):
                await self._seeking
        await self._broker.stop()

    async def _connect(self) -> None:
        self._client = await broker.connect(self._broker)
        self.asks = Asks(self._client)

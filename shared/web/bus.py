"""Holds the api's connection to NATS, which may come late, go and return without harm to pages."""

import asyncio
from typing import Final

import nats.errors
from nats.aio.client import Client, RawCredentials

from shared import inner_tls
from shared.asks import Asks
from shared.settings import ServiceSettings
from shared.telemetry import log

PAUSE_SECONDS: Final = 5
"""Between two connections, after one was refused or closed for good."""


class Bus:
    """A connection that is sought in the background for as long as the process lives.

    A worker whose connection is closed for good ends; an api goes on, for most pages do without.
    """

    def __init__(self, service: str, settings: ServiceSettings) -> None:
        self._service = service
        self._settings = settings
        self._client = Client()
        self._last_error = ""
        self._keeping: asyncio.Task[None] | None = None
        self.asks = Asks(None)

    @property
    def is_connected(self) -> bool:
        """Whether NATS could be asked now."""
        return self._client.is_connected

    def open(self) -> None:
        """Begin to seek the connection, without waiting for it."""
        self._keeping = asyncio.create_task(self._keep_connected())

    async def close(self) -> None:
        """Stop seeking and leave.

        The client can swallow a cancellation that meets a refused connection, so it is repeated.
        """
        while self._keeping is not None and not self._keeping.done():
            self._keeping.cancel()
            await asyncio.wait([self._keeping], timeout=0.2)
        await self._client.close()

    async def _keep_connected(self) -> None:
        while True:
            closed = asyncio.Event()
            try:
                await self._connect(closed)
                self.asks = Asks(self._client)
                await closed.wait()
            except (nats.errors.Error, OSError) as error:
                await self._note(error)
            await asyncio.sleep(PAUSE_SECONDS)

    async def _connect(self, closed: asyncio.Event) -> None:
        async def on_closed() -> None:
            closed.set()

        credentials = self._settings.nats_credentials
        tls = inner_tls.context(self._settings.inner_ca)
        self._client = Client()
        await self._client.connect(
            self._settings.nats_url,
            name=f"ehrensache-{self._service}-api",
            tls=tls,
            tls_handshake_first=tls is not None,
            user_credentials=RawCredentials(credentials) if credentials else None,
            inbox_prefix=f"_INBOX_{self._service}".encode(),
            connect_timeout=5,
            reconnect_time_wait=1,
            max_reconnect_attempts=-1,
            ping_interval=5,
            max_outstanding_pings=2,
            error_cb=self._note,
            closed_cb=on_closed,
        )

    async def _note(self, error: Exception) -> None:
        """Log what went wrong, once for as long as it stays the same."""
        said = f"{inner_tls.named(error)}{error!r}"
        if said != self._last_error:
            self._last_error = said
            log().warning("api_without_nats", error=self._last_error)

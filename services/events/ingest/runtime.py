"""Reads every partner's stream in a loop of its own, so that one partner delays no other."""

import asyncio
from contextlib import suppress
from typing import Any, Final

import asyncpg
import nats.errors
from nats.aio.client import Client
from nats.js.errors import Error as JetStreamError

from services.events.ingest.intake import Intake
from services.events.ingest.model import Partner
from services.events.ingest.sharing import Sharing
from services.events.ingest.stream import PartnerStream
from services.events.store import partners
from shared.database import CONNECTION_GONE
from shared.telemetry import describe, log

POLL_SECONDS: Final = 5.0
PAUSE_SECONDS: Final = 1.0
DATABASE_AWAY: Final = (OSError, TimeoutError, asyncpg.PostgresError, *CONNECTION_GONE)


class Ingest:
    """The loops of one worker. A partner that is added or removed needs no restart."""

    def __init__(self, client: Client, intake: Intake, database_url: str) -> None:
        self._client = client
        self._intake = intake
        self._database_url = database_url
        self._sharing = Sharing()
        self._loops: dict[Partner, asyncio.Task[None]] = {}
        self._woken = asyncio.Event()

    async def run(self) -> None:
        """Keep one loop for each registered partner until it is cancelled."""
        try:
            while True:
                try:
                    await self._watch()
                except DATABASE_AWAY as error:
                    log().warning("partners_wait_for_database", error=describe(error))
                await asyncio.sleep(PAUSE_SECONDS)
        finally:
            await self._keep_loops([])
            await self._intake.sandbox.close()

    async def _watch(self) -> None:
        connection = await asyncpg.connect(self._database_url, timeout=5)
        try:
            await connection.add_listener("events_partner", self._wake)
            while not connection.is_closed():
                await self._keep_loops(await partners.partners(connection))
                with suppress(TimeoutError):
                    async with asyncio.timeout(POLL_SECONDS):
                        await self._woken.wait()
                self._woken.clear()
        finally:
            await connection.close(timeout=1)

    def _wake(self, *_: Any) -> None:
        self._woken.set()

    async def _keep_loops(self, wanted: list[Partner]) -> None:
        """Start the loops that are missing; a partner whose row has changed gets a new one."""
        ended = [self._loops.pop(partner) for partner in set(self._loops) - set(wanted)]
        for task in ended:
            task.cancel()
        await asyncio.gather(*ended, return_exceptions=True)
        if wanted:
            # Before the first message, and after a loop that was ended while one was read for it.
            await self._intake.sandbox.warm()
        for partner in wanted:
            if partner not in self._loops or self._loops[partner].done():
                self._loops[partner] = asyncio.create_task(self._read(partner))

    async def _read(self, partner: Partner) -> None:
        while True:
            try:
                await PartnerStream(self._client, self._intake, partner, self._sharing).run()
            except* (nats.errors.Error, JetStreamError, OSError, TimeoutError) as group:
                for error in group.exceptions:
                    log().warning("partner_waits", partner=partner.name, error=describe(error))
            except* Exception as group:  # noqa: BLE001 - the edge: logged, read again from the stream
                for failure in group.exceptions:
                    log().error("partner_failed", partner=partner.name, exc_info=failure)
            await asyncio.sleep(PAUSE_SECONDS)

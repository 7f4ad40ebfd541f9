"""Fetches calendars when they are due, and reads kept messages once more when somebody asks."""

import asyncio
import hashlib
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Final
from uuid import UUID

import asyncpg
import msgspec

from services.events.ingest.intake import Intake
from services.events.ingest.item import Incoming
from services.events.ingest.model import Partner
from services.events.pulling.fetching import fetch
from services.events.pulling.model import Pull, PullFailed, failed, taken
from services.events.pulling.splitting import messages_of
from services.events.store import pulls
from services.events.store.pulls import Stored
from shared.database import CONNECTION_GONE, transaction
from shared.telemetry import describe, log

PAUSE_SECONDS: Final = 2.0
LEASE: Final = timedelta(minutes=10)
"""A fetch that its worker has not ended by then is another's."""
STORED: Final = 50
"""Kept messages that are read at once."""
DATABASE_AWAY: Final = (OSError, TimeoutError, asyncpg.PostgresError, *CONNECTION_GONE)


class Pulling:
    """The loop of one worker; several share the work."""

    def __init__(self, intake: Intake, *, allows_private: bool) -> None:
        self._intake = intake
        self._allows_private = allows_private

    async def run(self) -> None:
        """Work on what is due until it is cancelled."""
        while True:
            try:
                busy = await self.pull_next() or await self.replay_next()
            except DATABASE_AWAY as error:
                log().warning("pulls_wait_for_database", error=describe(error))
                busy = False
            except Exception as error:  # noqa: BLE001 - the edge: logged; a pull comes again
                log().error("pulling_failed", exc_info=error)
                busy = False
            if not busy:
                await asyncio.sleep(PAUSE_SECONDS)

    async def pull_next(self) -> bool:
        """Fetch the calendar that is due for longest; False if none is."""
        now = datetime.now(UTC)
        async with transaction(self._intake.pool) as opened:
            pull = await pulls.claim_pull(opened, now, now + LEASE)
            partner = await pulls.partner_of(opened, pull.partner_id) if pull else None
        if pull is None or partner is None:
            return False
        try:
            result = await self._pull(partner, pull, now)
        except PullFailed as failure:
            log().warning("pull_failed", partner=partner.name, reason=failure.reason)
            result = failed(pull, failure, now)
        async with transaction(self._intake.pool) as opened:
            await pulls.save_result(opened, result)
        return True

    async def replay_next(self) -> bool:
        """Read the kept messages of a partner once more; False if nobody has asked."""
        async with transaction(self._intake.pool) as opened:
            partner = await pulls.claim_replay(opened)
        if partner is None:
            return False
        last = UUID(int=0)
        try:
            while stored := await self._stored(partner, last):
                await self._replay(partner, stored)
                last = stored[-1].partner_message_id
        finally:
            # Not before: a worker that is killed leaves it to the next one.
            async with transaction(self._intake.pool) as opened:
                await pulls.end_replay(opened, partner.partner_id)
        return True

    async def _pull(self, partner: Partner, pull: Pull, now: datetime) -> Pull:
        fetched = await fetch(pull, allows_private=self._allows_private)
        digest = hashlib.sha256(fetched.body or b"").digest()
        if fetched.body is not None and digest != pull.digest:
            name = f"abruf-{now:%Y%m%dT%H%M%SZ}"
            for incoming in messages_of(partner, name, fetched.body):
                [outcomes] = await self._intake.sandbox.read([incoming])
                arrival = self._intake.arrival(incoming, outcomes)
                await self._intake.take_quietly(partner, [arrival])
        return taken(pull, fetched, digest, now)

    async def _stored(self, partner: Partner, after: UUID) -> list[Stored]:
        async with self._intake.pool.acquire() as connection:
            return await pulls.stored_messages(connection, partner.partner_id, after, STORED)

    async def _replay(self, partner: Partner, stored: Sequence[Stored]) -> None:
        incoming = [_as_it_came(partner, each) for each in stored]
        outcomes = await self._intake.sandbox.read(incoming)
        arrivals = [
            msgspec.structs.replace(
                self._intake.arrival(sent, found, each.stream_sequence),
                message_id=each.message_id,
                partner_message_id=each.partner_message_id,
                only_keys=each.partner_keys,
            )
            for each, sent, found in zip(stored, incoming, outcomes, strict=True)
        ]
        await self._intake.take_quietly(partner, arrivals)


def _as_it_came(partner: Partner, stored: Stored) -> Incoming:
    """Return a kept message in an envelope like the one it came in, which was right."""
    headers = {
        "ce-specversion": "1.0",
        "ce-id": stored.message_id or str(stored.stream_sequence),
        "ce-type": "de.ehrensache.replayed",
        "ce-source": partner.name,
        "content-type": stored.content_type,
    }
    return Incoming(partner=partner.name, headers=headers, body=stored.body)

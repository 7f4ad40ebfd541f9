"""Has the effects of partners' messages, however they came: read, decide, commit."""

import asyncio
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Final

import asyncpg
import msgspec
from nats.aio.msg import Msg

from services.events.commands.take_partner_items import TakePartnerItems, take_partner_items
from services.events.ingest.batch import Arrival, Receipt
from services.events.ingest.item import Incoming, Read
from services.events.ingest.model import Partner
from services.events.ingest.reasons import Refusal
from services.events.ingest.receipts import Teller
from services.events.ingest.sandbox import Sandbox
from services.events.site import Site
from shared.consumer import OUT_OF_ORDER
from shared.database import Pool, transaction
from shared.failpoints import reached
from shared.telemetry import describe, log

WAIT_SECONDS: Final = 1.0
NAME_LENGTH: Final = 200


class Intake(msgspec.Struct, frozen=True):
    """What taking messages needs."""

    pool: Pool
    sandbox: Sandbox
    teller: Teller
    site: Site

    async def read(self, partner: Partner, messages: Sequence[Msg]) -> list[Arrival]:
        """Return what each message of the partner's stream holds."""
        incoming = [
            Incoming(
                partner=partner.name,
                headers=_headers(message),
                body=message.data,
            )
            for message in messages
        ]
        outcomes = await self.sandbox.read(incoming)
        return [
            self.arrival(sent, found, message.metadata.sequence.stream)
            for message, sent, found in zip(messages, incoming, outcomes, strict=True)
        ]

    async def take(self, partner: Partner, arrivals: Sequence[Arrival]) -> list[Receipt]:
        """Have the effects of messages in one transaction and return the receipts for them.

        If one of them cannot be stored, they are taken one by one; while PostgreSQL is away, it is
        waited for.
        """
        while True:
            try:
                return await self._take(partner, arrivals)
            except OUT_OF_ORDER as error:
                log().warning("ingest_waits", partner=partner.name, error=describe(error))
                await asyncio.sleep(WAIT_SECONDS)
            except (asyncpg.PostgresError, asyncpg.DataError, ValueError) as error:
                return await self._take_singly(partner, arrivals, error)

    async def take_quietly(self, partner: Partner, arrivals: Sequence[Arrival]) -> None:
        """Have the effects of what came by no stream; receipts tell only what changes something."""
        quiet = [msgspec.structs.replace(arrival, is_quiet=True) for arrival in arrivals]
        await self.teller.tell(await self.take(partner, quiet))

    def arrival(self, sent: Incoming, outcomes: list[Read], stream_sequence: int = 0) -> Arrival:
        """Return a message with what was read in it; what came by no stream has the sequence 0."""
        return Arrival(
            stream_sequence=stream_sequence,
            message_id=_header(sent, "ce-id"),
            content_type=_header(sent, "ce-datacontenttype") or _header(sent, "content-type"),
            body=sent.body,
            outcomes=outcomes,
        )

    async def _take_singly(
        self, partner: Partner, arrivals: Sequence[Arrival], error: Exception
    ) -> list[Receipt]:
        single = [
            msgspec.structs.replace(arrival, outcomes=[outcome])
            for arrival in arrivals
            for outcome in arrival.outcomes
        ]
        if len(single) > 1:
            receipts: list[Receipt] = []
            for arrival in single:
                receipts += await self.take(partner, [arrival])
            return receipts
        log().error("item_not_stored", partner=partner.name, exc_info=error)
        [arrival] = single
        if isinstance(arrival.outcomes[0], Refusal):
            raise error
        refused = Refusal(key=arrival.outcomes[0].key, reason="not_stored", field="")
        kept = msgspec.structs.replace(arrival, outcomes=[refused])
        return await self._take(partner, [kept])

    async def _take(self, partner: Partner, arrivals: Sequence[Arrival]) -> list[Receipt]:
        async with transaction(self.pool) as opened:
            command = TakePartnerItems(partner, arrivals)
            receipts = await take_partner_items(opened, command, self.site, datetime.now(UTC))
            reached("ingest.before_commit")
        return receipts


def _header(incoming: Incoming, wanted: str) -> str:
    for name, value in incoming.headers.items():
        if name.lower() == wanted:
            return value[:NAME_LENGTH]
    return ""


def _headers(message: Msg) -> dict[str, str]:
    return {_plain(name): _plain(value) for name, value in (message.headers or {}).items()}


def _plain(text: str) -> str:
    """Return a header's text without what PostgreSQL cannot keep."""
    return text.encode("utf-8", "replace").decode().replace("\x00", "")

"""Takes a fetched batch of one partner's messages: read, decide, commit, acknowledge, tell."""

import asyncio
from collections.abc import Iterator, Sequence
from contextlib import suppress
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
HEARTBEAT_SECONDS: Final = 10.0
"""A third of the durable's ack_wait."""
NAME_LENGTH: Final = 200
TURN_ITEMS: Final = 256
"""Items of one transaction, unless a single message holds more."""


class Intake(msgspec.Struct, frozen=True):
    """What taking messages needs."""

    pool: Pool
    sandbox: Sandbox
    teller: Teller
    site: Site

    async def take(self, partner: Partner, messages: Sequence[Msg]) -> None:
        """Have the messages' effects, acknowledge them and send the receipts."""
        beating = asyncio.create_task(_keep_waiting(messages))
        try:
            arrivals = await self._read(partner, messages)
            for turn in turns(arrivals):
                receipts = await self._take_patiently(partner, arrivals[turn])
                reached("ingest.after_commit")
                for message in messages[turn]:
                    await message.ack()
                await self.teller.tell(receipts)
        finally:
            beating.cancel()
            with suppress(asyncio.CancelledError):
                await beating

    async def take_quietly(self, partner: Partner, arrivals: Sequence[Arrival]) -> None:
        """Have the effects of what came by no stream; receipts tell only what changes something."""
        quiet = [msgspec.structs.replace(arrival, is_quiet=True) for arrival in arrivals]
        await self.teller.tell(await self._take_patiently(partner, quiet))

    def arrival(self, sent: Incoming, outcomes: list[Read], stream_sequence: int = 0) -> Arrival:
        """Return a message with what was read in it; what came by no stream has the sequence 0."""
        return Arrival(
            stream_sequence=stream_sequence,
            message_id=_header(sent, "ce-id"),
            content_type=_header(sent, "ce-datacontenttype") or _header(sent, "content-type"),
            body=sent.body,
            outcomes=outcomes,
        )

    async def _read(self, partner: Partner, messages: Sequence[Msg]) -> list[Arrival]:
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

    async def _take_patiently(self, partner: Partner, arrivals: Sequence[Arrival]) -> list[Receipt]:
        """Take all in one transaction; if one of them cannot be stored, take them one by one."""
        while True:
            try:
                return await self._take(partner, arrivals)
            except OUT_OF_ORDER as error:
                log().warning("ingest_waits", partner=partner.name, error=describe(error))
                await asyncio.sleep(WAIT_SECONDS)
            except (asyncpg.PostgresError, asyncpg.DataError, ValueError) as error:
                return await self._take_singly(partner, arrivals, error)

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
                receipts += await self._take_patiently(partner, [arrival])
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


def turns(arrivals: Sequence[Arrival]) -> Iterator[slice]:
    """Yield the messages of one transaction after the other, each with a bounded number of items.

    Deciding on items keeps this process from everything else: between turns it is the others'.
    """
    first = count = 0
    for number, arrival in enumerate(arrivals):
        if number > first and count + len(arrival.outcomes) > TURN_ITEMS:
            yield slice(first, number)
            first, count = number, 0
        count += len(arrival.outcomes)
    if arrivals:
        yield slice(first, len(arrivals))


async def _keep_waiting(messages: Sequence[Msg]) -> None:
    while True:
        await asyncio.sleep(HEARTBEAT_SECONDS)
        for message in messages:
            if not message.is_acked:
                await message.in_progress()

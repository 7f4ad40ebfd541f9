"""Tells partners what became of their items, on a subject that only they hear."""

from collections.abc import Sequence
from typing import Final

import msgspec
import nats.errors
from nats.aio.client import Client

from services.events.ingest.batch import Receipt
from services.events.ingest.reasons import HINTS
from services.events.site import Site
from services.events.store import items
from shared.consumer import OUT_OF_ORDER
from shared.database import Pool, transaction
from shared.telemetry import describe, log

FLUSH_SECONDS: Final = 5
TYPE: Final = "de.ehrensache.receipt.v1"


class Told(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The JSON of a receipt."""

    id: str
    """The partner's own id of the item."""
    message: str
    """The `ce-id` of the message it came in."""
    outcome: str
    reason: str = ""
    field: str = ""
    hint: str = ""
    event: str = ""
    """Address of the event's page."""


class Teller(msgspec.Struct, frozen=True):
    """Sends receipts and notes that they were sent."""

    pool: Pool
    client: Client
    site: Site

    async def tell(self, receipts: Sequence[Receipt]) -> int:
        """Send receipts and return how many; what cannot be sent now is left for the timer."""
        if not receipts:
            return 0
        try:
            await self._send(receipts)
            async with transaction(self.pool) as opened:
                await items.mark_sent(opened, [receipt.receipt_id for receipt in receipts])
        except (*OUT_OF_ORDER, nats.errors.Error) as error:
            log().warning("receipts_wait", error=describe(error), receipts=len(receipts))
            return 0
        return len(receipts)

    async def _send(self, receipts: Sequence[Receipt]) -> None:
        for receipt in receipts:
            subject = f"receipt.{receipt.account_key}.{receipt.partner_item_id}"
            body = msgspec.json.encode(told(receipt, self.site))
            await self.client.publish(subject, body, headers=_headers(receipt))
        await self.client.flush(timeout=FLUSH_SECONDS)


def told(receipt: Receipt, site: Site) -> Told:
    """Return a receipt in the partner's words."""
    event = receipt.calendar_event_id
    return Told(
        id=receipt.partner_key,
        message=receipt.message_id,
        outcome=receipt.outcome,
        reason=receipt.reason,
        field=receipt.field,
        hint=HINTS.get(receipt.reason, ""),
        event=site.event_url(event) if event else "",
    )


def _headers(receipt: Receipt) -> dict[str, str]:
    return {
        "ce-specversion": "1.0",
        "ce-id": str(receipt.receipt_id),
        "ce-type": TYPE,
        "ce-source": "/ehrensache/events",
        "ce-subject": str(receipt.partner_item_id),
        "ce-datacontenttype": "application/json",
        "content-type": "application/json",
    }

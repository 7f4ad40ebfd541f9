"""The operator lets a partner go; its events stay as the editors' own, or go with it."""

from typing import Literal

import msgspec

from services.events.ingest.model import Partner
from services.events.store import leaving, partners
from shared import outbox
from shared.contracts.events import EventWithdrawn
from shared.database import Connection
from shared.errors import NotFound


class PartnerNotRegistered(NotFound):
    """The calendar knows no partner of this name."""

    def __init__(self) -> None:
        super().__init__("Dieses Partnersystem gibt es nicht.")


class RemovePartner(msgspec.Struct, frozen=True):
    """Which partner goes, and what becomes of its events."""

    name: str
    events: Literal["keep", "delete"]


async def remove_partner(transaction: Connection, command: RemovePartner) -> Partner:
    """Forget a partner with its items, messages and receipts, and return it as it was.

    Kept events are from then on changed by editors like their own; deleted ones leave the feeds.

    Raises:
        PartnerNotRegistered: there is no such partner.
    """
    partner = await partners.lock_partner(transaction, command.name)
    if partner is None:
        raise PartnerNotRegistered
    if command.events == "keep":
        await leaving.hand_over(transaction, partner.partner_id)
    else:
        gone = await leaving.lock_events_of(transaction, partner.partner_id)
        withdrawn = await leaving.withdraw(transaction, gone)
        await outbox.record(
            transaction,
            *(
                EventWithdrawn(calendar_event_id=each.calendar_event_id, version=each.version + 1)
                for each in withdrawn
                if each.was_public
            ),
        )
    await partners.forget_partner(transaction, partner.partner_id)
    return partner

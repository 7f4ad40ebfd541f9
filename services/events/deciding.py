"""Lets partners and associations learn what editors have decided about what they have sent."""

from collections.abc import Sequence

from services.events.associations.store import mails
from services.events.ingest.batch import Receipt
from services.events.ingest.model import Outcome, PartnerItem
from services.events.model import CalendarEvent
from services.events.store import events, items
from shared import outbox
from shared.contracts.events import SubmissionPublished, SubmissionRefused, SubmissionReturned
from shared.database import Connection


async def tell_decision(
    transaction: Connection, decided: Sequence[PartnerItem], outcome: Outcome, reason: str = ""
) -> None:
    """Leave a receipt for each item; the worker's timer sends them within seconds."""
    receipt_ids = await events.new_ids(transaction, len(decided))
    for receipt_id, item in zip(receipt_ids, decided, strict=True):
        receipt = Receipt(
            receipt_id=receipt_id,
            account_key="",
            partner_item_id=item.partner_item_id,
            partner_key=item.partner_key,
            message_id="",
            outcome=outcome,
            reason=reason,
            field="",
            calendar_event_id=item.calendar_event_id,
        )
        await items.save_receipts(transaction, item.partner_id, [receipt])


async def tell_publication(transaction: Connection, event: CalendarEvent) -> None:
    """Tell the partner, or the association, whose event is published now, if it is anybody's."""
    await _tell(transaction, event, "accepted")
    await _tell_association(transaction, event, SubmissionPublished)


async def tell_refusal(transaction: Connection, event: CalendarEvent) -> None:
    """Tell the partner, or the association, whose event editors refuse, if it is anybody's."""
    await _tell(transaction, event, "held", "refused_by_editors")
    await _tell_association(transaction, event, SubmissionRefused)


async def tell_return(transaction: Connection, event: CalendarEvent) -> None:
    """Tell the association whose event is to be bettered, if it is an association's."""
    await _tell_association(transaction, event, SubmissionReturned)


async def _tell(
    transaction: Connection, event: CalendarEvent, outcome: Outcome, reason: str = ""
) -> None:
    if event.origin != "partner" or event.origin_id is None:
        return
    item = await items.find_item(transaction, event.origin_id)
    if item is not None:
        await tell_decision(transaction, [item], outcome, reason)


async def _tell_association(
    transaction: Connection,
    event: CalendarEvent,
    kind: type[SubmissionPublished | SubmissionRefused | SubmissionReturned],
) -> None:
    if await mails.is_submission(transaction, event.calendar_event_id):
        fact = kind(calendar_event_id=event.calendar_event_id, version=event.version)
        await outbox.record(transaction, fact)

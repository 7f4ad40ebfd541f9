"""Reads and writes partners' items, the messages they came in, and the receipts for them."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from services.events.ingest.batch import Message, Receipt
from services.events.ingest.model import PartnerItem
from shared.database import Connection


async def find_item(connection: Connection, partner_item_id: UUID) -> PartnerItem | None:
    """Return an item, None if there is none."""
    row = await connection.fetchrow(
        """
        select partner_item_id, partner_id, partner_key, version, state, source, status, revision,
            modified_at, held, cancelled_at, to_review_since, override, calendar_event_id, reason,
            field, partner_message_id
        from partner_item
        where partner_item_id = $1
        """,
        partner_item_id,
    )
    return PartnerItem(**row) if row else None


async def lock_item(transaction: Connection, partner_item_id: UUID) -> PartnerItem | None:
    """Return an item and keep others from changing it until the transaction ends."""
    row = await transaction.fetchrow(
        """
        select partner_item_id, partner_id, partner_key, version, state, source, status, revision,
            modified_at, held, cancelled_at, to_review_since, override, calendar_event_id, reason,
            field, partner_message_id
        from partner_item
        where partner_item_id = $1
        for update
        """,
        partner_item_id,
    )
    return PartnerItem(**row) if row else None


async def lock_items(
    transaction: Connection, partner_id: UUID, partner_keys: Sequence[str]
) -> list[PartnerItem]:
    """Return the partner's items with these keys and keep others from changing them."""
    rows = await transaction.fetch(
        """
        select partner_item_id, partner_id, partner_key, version, state, source, status, revision,
            modified_at, held, cancelled_at, to_review_since, override, calendar_event_id, reason,
            field, partner_message_id
        from partner_item
        where partner_id = $1 and partner_key = any($2)
        order by partner_key
        for update
        """,
        partner_id,
        partner_keys,
    )
    return [PartnerItem(**row) for row in rows]


async def save_items(
    transaction: Connection, kept: Sequence[PartnerItem], received_at: datetime
) -> None:
    """Write items, new and changed ones, with one statement; overrides are left as they are."""
    await transaction.execute(
        """
        insert into partner_item (partner_item_id, partner_id, partner_key, version, state, source,
            status, revision, modified_at, held, cancelled_at, to_review_since, calendar_event_id,
            reason, field, partner_message_id, received_at)
        select partner_item_id, partner_id, partner_key, version, state, source, status, revision,
            modified_at, held, cancelled_at, to_review_since, calendar_event_id, reason, field,
            partner_message_id, $2
        from jsonb_populate_recordset(null::partner_item, $1)
        on conflict (partner_item_id) do update set (
            version, state, source, status, revision, modified_at, held, cancelled_at,
            to_review_since, calendar_event_id, reason, field, partner_message_id, received_at
        ) = row (
            excluded.version, excluded.state, excluded.source, excluded.status, excluded.revision,
            excluded.modified_at, excluded.held, excluded.cancelled_at, excluded.to_review_since,
            excluded.calendar_event_id, excluded.reason, excluded.field,
            excluded.partner_message_id, excluded.received_at)
        """,
        kept,
        received_at,
    )


async def save_override(
    transaction: Connection, partner_item_id: UUID, override: dict[str, Any]
) -> None:
    """Write what editors have changed about an item."""
    await transaction.execute(
        "update partner_item set override = $2 where partner_item_id = $1",
        partner_item_id,
        override,
    )


async def save_messages(transaction: Connection, messages: Sequence[Message]) -> None:
    """Keep messages as they came, so that an editor can look at them."""
    await transaction.execute(
        """
        insert into partner_message (partner_message_id, partner_id, stream_sequence, message_id,
            content_type, body)
        select * from unnest(
            $1::uuid[], $2::uuid[], $3::bigint[], $4::text[], $5::text[], $6::bytea[]
        )
        """,
        [message.partner_message_id for message in messages],
        [message.partner_id for message in messages],
        [message.stream_sequence for message in messages],
        [message.message_id for message in messages],
        [message.content_type for message in messages],
        [message.body for message in messages],
    )


async def save_receipts(
    transaction: Connection, partner_id: UUID, receipts: Sequence[Receipt]
) -> None:
    """Keep receipts until they are sent, and for the console."""
    await transaction.execute(
        """
        insert into receipt (receipt_id, partner_id, partner_item_id, message_id, outcome, reason,
            field, calendar_event_id)
        select receipt_id, $1, partner_item_id, message_id, outcome, reason, field,
            calendar_event_id
        from jsonb_populate_recordset(null::receipt, $2)
        """,
        partner_id,
        receipts,
    )


async def unsent_receipts(connection: Connection, before: datetime, most: int) -> list[Receipt]:
    """Return receipts that were recorded before and are not noted as sent, oldest first."""
    rows = await connection.fetch(
        """
        select receipt_id, account_key, partner_item_id, partner_key, message_id, outcome,
            receipt.reason, receipt.field, receipt.calendar_event_id
        from receipt
        join partner_item using (partner_item_id)
        join partner on partner.partner_id = receipt.partner_id
        where sent_at is null and recorded_at < $1
        order by recorded_at
        limit $2
        """,
        before,
        most,
    )
    return [Receipt(**row) for row in rows]


async def mark_sent(transaction: Connection, receipt_ids: Sequence[UUID]) -> None:
    """Note that these receipts were sent."""
    await transaction.execute(
        "update receipt set sent_at = clock_timestamp() where receipt_id = any($1)", receipt_ids
    )


async def forget_receipts(transaction: Connection, before: datetime, most: int) -> int:
    """Delete up to `most` receipts that were recorded before; return how many."""
    deleted: str = await transaction.execute(
        """
        delete from receipt where receipt_id in (
            select receipt_id from receipt where recorded_at < $1 order by recorded_at limit $2
        )
        """,
        before,
        most,
    )
    return int(deleted.rsplit(maxsplit=1)[-1])


async def forget_messages(transaction: Connection, before: datetime, most: int) -> int:
    """Delete up to `most` messages received before of which no item waits in quarantine."""
    deleted: str = await transaction.execute(
        """
        delete from partner_message where partner_message_id in (
            select partner_message_id from partner_message
            where received_at < $1 and not exists (
                select from partner_item
                where partner_item.partner_message_id = partner_message.partner_message_id
                and state = 'quarantined'
            )
            order by received_at
            limit $2
        )
        """,
        before,
        most,
    )
    return int(deleted.rsplit(maxsplit=1)[-1])


async def forget_never_taken(transaction: Connection, before: datetime, most: int) -> int:
    """Delete up to `most` items that wait since before and of which no event ever came.

    What is broken has no id of its own, so each arrival of it is another item: a partner whose
    program is out of order would otherwise fill the tables for ever.
    """
    deleted: str = await transaction.execute(
        """
        delete from partner_item where partner_item_id in (
            select partner_item_id from partner_item
            where state = 'quarantined' and calendar_event_id is null and received_at < $1
            limit $2
            for update skip locked
        )
        """,
        before,
        most,
    )
    return int(deleted.rsplit(maxsplit=1)[-1])

"""Reads what the console shows about partners and what they send."""

from datetime import datetime
from uuid import UUID

import msgspec

from services.events.ingest.model import Outcome
from services.events.ingest.trust import Trust
from shared.database import Connection


class PartnerFigures(msgspec.Struct, frozen=True, kw_only=True):
    """A partner in the list."""

    partner_id: UUID
    name: str
    title: str
    trust: Trust
    registered_at: datetime
    accepted: int
    quarantined: int
    last_hour: int
    """Items that came in the last hour."""
    received_at: datetime | None
    is_suspended: bool
    waiting: int
    """Items on which an editor has to decide, or which one should look at."""


class Received(msgspec.Struct, frozen=True, kw_only=True):
    """One item as it came last or lately."""

    partner_item_id: UUID
    partner_key: str
    outcome: Outcome
    reason: str
    field: str
    at: datetime
    title: str | None
    calendar_event_id: UUID | None
    starts: datetime | None = None
    """When its event starts, on the event's own clock; None if it has become none."""
    all_day: bool | None = None


class Raw(msgspec.Struct, frozen=True, kw_only=True):
    """A message as it came."""

    content_type: str
    body: bytes


class ReasonCount(msgspec.Struct, frozen=True):
    """How often a reason was given."""

    outcome: Outcome
    reason: str
    count: int


class Rate(msgspec.Struct, frozen=True, kw_only=True):
    """How much a partner sends, in items."""

    last_minute: int
    last_hour: int
    last_day: int
    received_at: datetime | None
    """When the last item came."""
    suspended_at: datetime | None


async def rate(connection: Connection, partner_id: UUID) -> Rate:
    """Return how much a partner has sent lately."""
    row = await connection.fetchrow(
        """
        select
            count(*) filter (where recorded_at > now() - interval '1 minute') as last_minute,
            count(*) filter (where recorded_at > now() - interval '1 hour') as last_hour,
            count(*) as last_day,
            (select max(recorded_at) from receipt where partner_id = $1) as received_at,
            (select suspended_at from partner where partner_id = $1) as suspended_at
        from receipt
        where partner_id = $1 and recorded_at > now() - interval '1 day'
        """,
        partner_id,
    )
    if row is None:
        raise LookupError("a count returns its row")
    return Rate(**row)


async def reasons_lately(connection: Connection, partner_id: UUID) -> list[ReasonCount]:
    """Return what became of a partner's items in the last 30 days, the most frequent first."""
    rows = await connection.fetch(
        """
        select outcome, reason, count(*) from receipt
        where partner_id = $1 and recorded_at > now() - interval '30 days'
        group by outcome, reason
        order by count(*) desc, outcome, reason
        """,
        partner_id,
    )
    return [ReasonCount(*row) for row in rows]


async def partner_list(connection: Connection) -> list[PartnerFigures]:
    """Return all partners with how much they send."""
    rows = await connection.fetch(
        """
        select partner_id, name, title, trust, registered_at,
            count(partner_item_id) filter (where state = 'accepted') as accepted,
            count(partner_item_id) filter (where state = 'quarantined') as quarantined,
            (
                select count(*) from receipt
                where receipt.partner_id = partner.partner_id
                and recorded_at > now() - interval '1 hour'
            ) as last_hour,
            max(received_at) as received_at, suspended_at is not null as is_suspended,
            count(*) filter (where held is not null or to_review_since is not null) as waiting
        from partner
        left join partner_item using (partner_id)
        group by partner_id
        order by title, name
        """
    )
    return [PartnerFigures(**row) for row in rows]


async def quarantined(connection: Connection, partner_id: UUID, most: int) -> list[Received]:
    """Return the items of a partner whose last arrival was not taken, the latest first."""
    rows = await connection.fetch(
        """
        select partner_item_id, partner_key, 'quarantined' as outcome, reason, field,
            received_at as at, source ->> 'title' as title, calendar_event_id
        from partner_item
        where partner_id = $1 and state = 'quarantined'
        order by received_at desc, partner_item_id
        limit $2
        """,
        partner_id,
        most,
    )
    return [Received(**row) for row in rows]


async def received_lately(connection: Connection, partner_id: UUID, most: int) -> list[Received]:
    """Return what became of a partner's last items, the latest first."""
    rows = await connection.fetch(
        """
        select partner_item_id, partner_key, outcome, receipt.reason, receipt.field,
            recorded_at as at, source ->> 'title' as title, receipt.calendar_event_id,
            starts, all_day
        from receipt
        join partner_item using (partner_item_id)
        left join calendar_event on calendar_event.calendar_event_id = receipt.calendar_event_id
        where receipt.partner_id = $1
        order by recorded_at desc, receipt_id
        limit $2
        """,
        partner_id,
        most,
    )
    return [Received(**row) for row in rows]


async def raw_message(
    connection: Connection, partner_id: UUID, partner_item_id: UUID
) -> Raw | None:
    """Return the message in which an item came last, None if it is kept no longer."""
    row = await connection.fetchrow(
        """
        select content_type, body
        from partner_item
        join partner_message using (partner_message_id)
        where partner_item.partner_id = $1 and partner_item_id = $2
        """,
        partner_id,
        partner_item_id,
    )
    return Raw(**row) if row else None

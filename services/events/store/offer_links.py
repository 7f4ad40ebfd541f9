"""Keeps what was found behind the links of other people's offers."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import msgspec

from services.events.links.model import Looked, OfferLink
from shared.database import Connection


class DeadLink(msgspec.Struct, frozen=True):
    """An offer whose link leads nowhere."""

    calendar_event_id: UUID
    title: str
    provider: str
    url: str
    reason: str
    looked_at: datetime


async def claim_due(
    transaction: Connection, now: datetime, until: datetime, most: int
) -> list[OfferLink]:
    """Claim up to `most` links that are due, until then, so that nobody else looks at them.

    A link is due when it is new or changed, or at its time; of events that are not over.
    """
    rows = await transaction.fetch(
        """
        insert into offer_link (calendar_event_id, url, looked_at, due_at)
        select calendar_event_id, website, $1, $2
        from calendar_event
        left join offer_link using (calendar_event_id)
        left join event_ical using (calendar_event_id)
        where provider <> '' and website <> '' and state not in ('cancelled', 'refused')
        and coalesce(event_ical.last_at >= $1, true)
        and (due_at is null or due_at <= $1 or url <> website)
        order by due_at nulls first, calendar_event_id
        limit $3
        on conflict (calendar_event_id) do update set (url, due_at, failures) = row (
            excluded.url, excluded.due_at,
            case when offer_link.url = excluded.url then offer_link.failures else 0 end
        )
        where offer_link.due_at <= $1 or offer_link.url <> excluded.url
        returning calendar_event_id, url, failures, reason, is_dead
        """,
        now,
        until,
        most,
    )
    return [OfferLink(**row) for row in rows]


async def save_looked(transaction: Connection, looked: Sequence[Looked], now: datetime) -> None:
    """Write what was found behind links that are still those of their events."""
    await transaction.executemany(
        """
        update offer_link
        set (failures, reason, is_dead, due_at, looked_at) = row ($3, $4, $5, $6, $7)
        where calendar_event_id = $1 and url = $2
        """,
        [(*msgspec.structs.astuple(each), now) for each in looked],
    )


async def dead_links(connection: Connection, most: int) -> list[DeadLink]:
    """Return offers whose link leads nowhere, the one that was looked at first comes first."""
    rows = await connection.fetch(
        """
        select calendar_event_id, title, provider, url, reason, looked_at
        from offer_link
        join calendar_event using (calendar_event_id)
        where is_dead and url = website and provider <> ''
        and state not in ('cancelled', 'refused')
        order by looked_at, calendar_event_id
        limit $1
        """,
        most,
    )
    return [DeadLink(*row) for row in rows]


async def dead_among(connection: Connection, calendar_event_ids: Sequence[UUID]) -> dict[UUID, str]:
    """Return, by event, what is wrong with the link of those whose link leads nowhere."""
    rows = await connection.fetch(
        """
        select calendar_event_id, reason
        from offer_link
        join calendar_event using (calendar_event_id)
        where calendar_event_id = any($1) and is_dead and url = website and provider <> ''
        """,
        calendar_event_ids,
    )
    return {row["calendar_event_id"]: row["reason"] for row in rows}


async def forget_link(transaction: Connection, calendar_event_id: UUID) -> None:
    """Forget what was found behind an event's link; it is due again."""
    await transaction.execute(
        "delete from offer_link where calendar_event_id = $1", calendar_event_id
    )

"""Reads and writes which events may be the same, and which have become one."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import msgspec

from services.events.model import Origin, State
from shared.database import Connection


class Suspicion(msgspec.Struct, frozen=True, kw_only=True):
    """Two events that may be the same."""

    first_id: UUID
    second_id: UUID
    likeness: float
    """Of their titles, 0 to 1."""
    starts: datetime
    """Wall clock of both."""
    all_day: bool
    first_title: str
    second_title: str
    first_place: str
    second_place: str
    first_state: State
    second_state: State
    first_origin: Origin
    second_origin: Origin
    first_partner: str | None
    """Title of the partner that publishes it."""
    second_partner: str | None


class Pair(msgspec.Struct, frozen=True):
    """Two events that look alike."""

    first_id: UUID
    second_id: UUID
    likeness: float


async def suspect(
    transaction: Connection, partner_id: UUID | None, calendar_event_ids: Sequence[UUID]
) -> set[UUID]:
    """Note what may be the same as these events; return which of them are newly suspected.

    All of them are one partner's, or our own where that is None.
    """
    pairs = await alike(transaction, partner_id, calendar_event_ids)
    if not pairs:
        return set()
    rows = await transaction.fetch(
        """
        insert into duplicate_suspicion (first_id, second_id, likeness)
        select * from unnest($1::uuid[], $2::uuid[], $3::real[])
        on conflict do nothing
        returning first_id, second_id
        """,
        [pair.first_id for pair in pairs],
        [pair.second_id for pair in pairs],
        [pair.likeness for pair in pairs],
    )
    found = {each for row in rows for each in (row["first_id"], row["second_id"])}
    return found & set(calendar_event_ids)


async def alike(
    connection: Connection, partner_id: UUID | None, calendar_event_ids: Sequence[UUID]
) -> list[Pair]:
    """Return which other sources' events look like these, the events of one source.

    Of one hour 200 others at most are compared, and five at most returned: a flood costs little.
    """
    rows = await connection.fetch(
        """
        with stranger as materialized (
            select there.calendar_event_id, moment.starts
            from (
                select distinct starts from calendar_event where calendar_event_id = any($2)
            ) as moment cross join lateral (
                select calendar_event_id from calendar_event
                where calendar_event.starts = moment.starts
                and state <> 'cancelled' and coalesce((
                    select partner_id <> $1 from partner_item
                    where origin = 'partner' and partner_item_id = origin_id
                ), true) and (origin = 'partner' or $1 is not null)
                order by created_at desc limit 200
            ) as there
        )
        select distinct least(one.calendar_event_id, alike.calendar_event_id) as first_id,
            greatest(one.calendar_event_id, alike.calendar_event_id) as second_id, likeness
        from calendar_event as one cross join lateral (
            select other.calendar_event_id,
                similarity(lower(one.title), lower(other.title)) as likeness
            from stranger join calendar_event as other using (calendar_event_id)
            where stranger.starts = one.starts
            and one.zone = other.zone and one.all_day = other.all_day
            and similarity(lower(one.title), lower(other.title)) >= likeness_wanted(one, other)
            order by likeness desc limit 5
        ) as alike
        where one.calendar_event_id = any($2) and one.state <> 'cancelled'
        """,
        partner_id,
        calendar_event_ids,
    )
    return [Pair(*row) for row in rows]


async def changed_since(
    connection: Connection, since: datetime, most: int
) -> dict[UUID | None, list[UUID]]:
    """Return by partner, None for our own, the events that were changed since."""
    rows = await connection.fetch(
        """
        select partner_id, array_agg(calendar_event_id) as changed
        from (
            select calendar_event.calendar_event_id, partner_id from calendar_event
            left join partner_item
                on origin = 'partner' and origin_id = partner_item.partner_item_id
            where changed_at > $1
            order by changed_at desc
            limit $2
        ) as lately (calendar_event_id, partner_id)
        group by partner_id
        """,
        since,
        most,
    )
    return {row["partner_id"]: row["changed"] for row in rows}


async def open_suspicions(connection: Connection, now: datetime, most: int) -> list[Suspicion]:
    """Return what an editor should decide on, the earliest event first.

    What no longer starts at the same time, or was cancelled, is left out.
    """
    rows = await connection.fetch(
        """
        select first_id, second_id, likeness, one.starts, one.all_day,
            one.title as first_title, other.title as second_title,
            one.place_name as first_place, other.place_name as second_place,
            one.state as first_state, other.state as second_state,
            one.origin as first_origin, other.origin as second_origin,
            mine.title as first_partner, theirs.title as second_partner
        from duplicate_suspicion
        join calendar_event as one on one.calendar_event_id = first_id
        join calendar_event as other on other.calendar_event_id = second_id
        left join partner_item as my_item
            on one.origin = 'partner' and one.origin_id = my_item.partner_item_id
        left join partner as mine on my_item.partner_id = mine.partner_id
        left join partner_item as their_item
            on other.origin = 'partner' and other.origin_id = their_item.partner_item_id
        left join partner as theirs on their_item.partner_id = theirs.partner_id
        where duplicate_suspicion.state = 'open' and one.starts = other.starts
        and one.state <> 'cancelled' and other.state <> 'cancelled'
        and one.starts >= $1::timestamptz at time zone 'UTC' - interval '1 day'
        order by one.starts, first_id, second_id
        limit $2
        """,
        now,
        most,
    )
    return [Suspicion(**row) for row in rows]


async def partner_title(connection: Connection, calendar_event_id: UUID) -> str | None:
    """Return the title of the partner that publishes an event, None if it is our own."""
    title: str | None = await connection.fetchval(
        """
        select partner.title from calendar_event
        join partner_item on origin_id = partner_item_id
        join partner using (partner_id)
        where calendar_event.calendar_event_id = $1 and origin = 'partner'
        """,
        calendar_event_id,
    )
    return title


async def dismiss(transaction: Connection, one: UUID, other: UUID) -> None:
    """Remember that two events are not the same, whether anybody had suspected it or not."""
    await transaction.execute(
        """
        insert into duplicate_suspicion (first_id, second_id, likeness, state)
        values (least($1::uuid, $2::uuid), greatest($1::uuid, $2::uuid), 0, 'dismissed')
        on conflict (first_id, second_id) do update set state = 'dismissed'
        """,
        one,
        other,
    )


async def redirect(transaction: Connection, gone_id: UUID, kept_id: UUID) -> None:
    """Send those who ask for an event to the one that it has become, over earlier merges too."""
    await transaction.execute(
        "update event_redirect set kept_id = $2 where kept_id = $1", gone_id, kept_id
    )
    await transaction.execute(
        "insert into event_redirect (calendar_event_id, kept_id) values ($1, $2)", gone_id, kept_id
    )


async def hand_items_over(transaction: Connection, gone_id: UUID, kept_id: UUID) -> None:
    """Let the items of an event belong to the one that it has become."""
    await transaction.execute(
        """
        update partner_item
        set calendar_event_id = $2, held = null, to_review_since = null
        where calendar_event_id = $1
        """,
        gone_id,
        kept_id,
    )


async def kept_for(connection: Connection, calendar_event_id: UUID) -> tuple[UUID, str] | None:
    """Return id and title of the public event that a merged one has become, None if there is none.

    Drafts are for nobody outside.
    """
    row = await connection.fetchrow(
        """
        select calendar_event.calendar_event_id, title
        from event_redirect
        join calendar_event on event_redirect.kept_id = calendar_event.calendar_event_id
        where event_redirect.calendar_event_id = $1 and state <> 'draft'
        """,
        calendar_event_id,
    )
    return (row["calendar_event_id"], row["title"]) if row else None

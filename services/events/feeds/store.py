"""Reads the feeds' revisions and the bytes that they are joined from."""

from datetime import date, datetime

import asyncpg
import msgspec

from services.events.feeds.standing import Moment, Slugs, Standing
from services.events.selection import Selection
from shared.database import Connection

PAST_DAYS = 30
AHEAD_MONTHS = 12
MOST_EVENTS = 2_000
"""Source: ical.md 4.5, larger feeds take clients more than half a minute."""


class Joined(msgspec.Struct, frozen=True):
    """One event as it stands in a feed."""

    vevent: bytes
    zone: str
    """The TZID that it is written with, empty for UTC."""


async def standing(connection: Connection, since_revision: int) -> list[Standing]:
    """Return the standing feeds that have changed after a revision; that of everything always."""
    rows = await connection.fetch(
        """
        select slug, revision, changed_at, renamed_revision, renamed_at, follows
        from feed
        where revision > $1 or slug = 'alle'
        """,
        since_revision,
    )
    return [_standing(row) for row in rows]


async def standing_of(connection: Connection, slugs: list[str]) -> list[Standing]:
    """Return standing feeds by name; that of everything always."""
    rows = await connection.fetch(
        """
        select slug, revision, changed_at, renamed_revision, renamed_at, follows
        from feed
        where slug = any($1) or slug = 'alle'
        """,
        slugs,
    )
    return [_standing(row) for row in rows]


async def slugs(connection: Connection) -> Slugs:
    """Return the slugs of the controlled lists, by code."""
    categories = await connection.fetch("select code, slug from category")
    audiences = await connection.fetch("select code, slug from audience")
    return Slugs(_by_code(categories), _by_code(audiences))


async def find_composed(connection: Connection, slug: str) -> Selection | None:
    """Return the selection whose feed somebody has composed, None if there is no such feed."""
    found = await connection.fetchval("select selection from composed_feed where slug = $1", slug)
    return msgspec.convert(found, Selection) if found is not None else None


async def keep_composed(transaction: Connection, slug: str, selection: Selection) -> None:
    """Keep a composed feed for ever; one that is there already stays as it is."""
    await transaction.execute(
        """
        insert into composed_feed (slug, selection) values ($1, $2)
        on conflict (slug) do nothing
        """,
        slug,
        msgspec.to_builtins(selection),
    )


async def composed_count(connection: Connection) -> int:
    """Return how many composed feeds there are."""
    found: int = await connection.fetchval("select count(*) from composed_feed")
    return found


async def hand_over(transaction: Connection, slug: str, into: str) -> None:
    """Let a standing feed, and those that have followed it so far, follow another one."""
    # First the feed of everything is locked, as always: so nobody waits in a ring.
    await transaction.execute("select bump_standing_feeds(array[$1, $2], true)", slug, into)
    await transaction.execute(
        "update feed set follows = $2 where slug = $1 or follows = $1", slug, into
    )


async def window(connection: Connection) -> date:
    """Return the day from which the feeds' window counts: 30 days back, 12 months ahead."""
    found: date = await connection.fetchval("select window_on from feed where slug = 'alle'")
    return found


async def events_of(
    connection: Connection, selection: Selection, window_on: date, *, is_rich: bool = False
) -> list[Joined]:
    """Return the bytes and zones of the events of a selection in the window, by time."""
    rows = await connection.fetch(
        """
        select
            case
                when $7 and $6 then coalesce(going_rich, rich, going, vevent)
                when $7 then coalesce(rich, vevent)
                when $6 then coalesce(going, vevent)
                else vevent
            end as vevent,
            zone
        from event_ical
        where last_at >= $1::date - make_interval(days => $2)
        and first_at < $1::date + make_interval(months => $3)
        and visibility = 'public' and is_selected(event_ical, $4)
        and (cardinality($5::text[]) = 0 or exists (
            select from calendar_event
            where calendar_event.calendar_event_id = event_ical.calendar_event_id
            and searched like all($5)
        ))
        and (going is null or going <> '' or not $6)
        order by first_at, calendar_event_id
        limit $8
        """,
        window_on,
        PAST_DAYS,
        AHEAD_MONTHS,
        selection.row,
        selection.patterns,
        selection.hides_cancelled,
        is_rich,
        MOST_EVENTS,
    )
    return [Joined(*row) for row in rows]


async def move_window(transaction: Connection) -> bool:
    """Let the feeds' window count from today; those whose events change by it get a new revision.

    Returns:
        Whether it was moved.
    """
    rows = await transaction.fetch(
        """
        select window_on from feed
        where slug = 'alle' and window_on < current_date
        for no key update
        """
    )
    if not rows:
        return False
    await transaction.execute(
        """
        select bump_standing_feeds(array_remove(array_agg(distinct slug), null), false)
        from event_ical
        left join unnest(standing_feeds_of(event_ical)) as slug on true
        where visibility = 'public'
        and (
            last_at >= $1::date - make_interval(days => $2)
            and first_at < $1::date + make_interval(months => $3)
        ) <> (
            last_at >= current_date - make_interval(days => $2)
            and first_at < current_date + make_interval(months => $3)
        )
        having count(*) > 0
        """,
        rows[0]["window_on"],
        PAST_DAYS,
        AHEAD_MONTHS,
    )
    await transaction.execute("update feed set window_on = current_date where slug = 'alle'")
    return True


def _standing(row: asyncpg.Record) -> Standing:
    changed_at: datetime = row["changed_at"]
    return Standing(
        row["slug"],
        Moment(row["revision"], changed_at),
        Moment(row["renamed_revision"], row["renamed_at"]),
        row["follows"],
    )


def _by_code(rows: list[asyncpg.Record]) -> dict[str, str]:
    return {row["code"]: row["slug"] for row in rows}

"""Reads the feeds' revisions and the bytes that they are joined from."""

from datetime import date, datetime

import msgspec

from shared.database import Connection

PAST_DAYS = 30
AHEAD_MONTHS = 12
MOST_EVENTS = 2_000
"""Source: ical.md 4.5, larger feeds take clients more than half a minute."""


class Feed(msgspec.Struct, frozen=True, kw_only=True):
    """A calendar that people subscribe to, in one revision."""

    slug: str
    title: str
    description: str
    category: str | None
    """Code of the category it is about, None for everything."""
    colour: str
    colour_name: str
    revision: int
    changed_at: datetime
    window_on: date
    """The day from which its window counts: 30 days back, 12 months ahead."""


async def feeds(connection: Connection) -> list[Feed]:
    """Return all feeds in their present revision, that of everything first."""
    rows = await connection.fetch(
        """
        select feed.slug, feed.title, description, category, feed.colour, feed.colour_name,
            revision, changed_at, window_on
        from feed
        left join category on category.code = feed.category
        order by position nulls first
        """
    )
    return [Feed(**row) for row in rows]


async def events_of(connection: Connection, slug: str) -> tuple[Feed, list[tuple[bytes, str]]]:
    """Return a feed with the bytes and zones of its events by time, all of one moment.

    Raises:
        LookupError: there is no such feed.
    """
    rows = await connection.fetch(
        """
        select slug, title, description, category, colour, colour_name, revision, changed_at,
            window_on, vevent, zone
        from feed
        left join event_ical
            on last_at >= window_on - make_interval(days => $2)
            and first_at < window_on + make_interval(months => $3)
            and visibility = 'public'
            and (category is null or category = any(categories))
        where slug = $1
        order by first_at, calendar_event_id
        limit $4
        """,
        slug,
        PAST_DAYS,
        AHEAD_MONTHS,
        MOST_EVENTS,
    )
    if not rows:
        raise LookupError(f"no feed {slug}")
    found = dict(rows[0])
    vevent, zone = found.pop("vevent"), found.pop("zone")
    if vevent is None:
        return Feed(**found), []
    events = [(vevent, zone), *((row["vevent"], row["zone"]) for row in rows[1:])]
    return Feed(**found), events


async def move_windows(transaction: Connection) -> int:
    """Let the feeds' windows count from today; a feed whose events change by it is a new revision.

    Returns:
        How many windows were moved.
    """
    moved: str = await transaction.execute(
        """
        update feed set
            window_on = current_date,
            revision = revision + changed,
            changed_at = case when changed = 1 then clock_timestamp() else changed_at end
        from (
            select slug, exists (
                select from event_ical
                where visibility = 'public'
                and (category is null or category = any(categories))
                and (
                    last_at >= window_on - make_interval(days => $1)
                    and first_at < window_on + make_interval(months => $2)
                ) <> (
                    last_at >= current_date - make_interval(days => $1)
                    and first_at < current_date + make_interval(months => $2)
                )
            )::integer as changed
            from feed
        ) as looked
        where feed.slug = looked.slug and window_on < current_date
        """,
        PAST_DAYS,
        AHEAD_MONTHS,
    )
    count = int(moved.rsplit(maxsplit=1)[-1])
    if count:
        await transaction.execute("select pg_notify('events_feed', '')")
    return count

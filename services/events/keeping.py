"""Keeps events together with all that follows from them, in the caller's transaction."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Final
from uuid import UUID

from services.events.category import titles_of
from services.events.content import duration
from services.events.ical.event import vevent, written_zone
from services.events.model import CalendarEvent
from services.events.recurrence import occurrences
from services.events.site import Site
from services.events.store import derived, events
from services.events.store.derived import Listing, Written
from shared.database import Connection
from shared.ical.timezone import instant

PAST: Final = timedelta(days=366)
AHEAD: Final = timedelta(days=731)
"""How far before and after now the dates of a series are listed."""
AHEAD_AT_LEAST: Final = timedelta(days=700)
MOST_DATES: Final = 1_000
ENDLESS: Final = datetime(2100, 1, 1, tzinfo=UTC)


async def keep_events(
    transaction: Connection, kept: Sequence[CalendarEvent], site: Site, now: datetime
) -> None:
    """Write events, their dates, and the bytes that stand in the feeds.

    A draft is written without dates and bytes: nobody outside may see it.
    """
    await events.save_events(transaction, kept)
    public = [event for event in kept if event.state != "draft"]
    if public:
        await list_dates(transaction, public, now)
        categories = await events.categories(transaction)
        await derived.save_written(
            transaction,
            [
                Written(
                    event.calendar_event_id,
                    vevent(
                        event,
                        site.event_url(event.calendar_event_id),
                        titles_of(event.categories, categories),
                    ),
                    "" if event.all_day else written_zone(event.zone),
                    event.categories,
                    event.starts_at,
                    last_at(event),
                )
                for event in public
            ],
        )


async def list_dates(
    transaction: Connection, public: Sequence[CalendarEvent], now: datetime
) -> None:
    """Write the dates of events anew, those of a series from one year back to two years ahead."""
    horizon = now.astimezone(UTC).replace(tzinfo=None) + AHEAD
    await derived.forget_dates(transaction, [event.calendar_event_id for event in public])
    await derived.save_dates(
        transaction, [listing for event in public for listing in _dates(event, horizon)]
    )
    await derived.note_listed(transaction, [_listed(event, horizon) for event in public])


def last_at(event: CalendarEvent) -> datetime:
    """Return the end of the last date, 2100 for a series that goes on for more than two years."""
    if not event.recurrence:
        last = max([event.starts, *event.added])
        return instant(last + duration(event), event.zone)
    since = event.starts
    dates = occurrences(event, since, since + 2 * AHEAD, MOST_DATES)
    if occurrences(event, since + 2 * AHEAD, since + 10 * AHEAD, 1) or len(dates) == MOST_DATES:
        return ENDLESS
    return instant((dates or [since])[-1] + duration(event), event.zone)


def _dates(event: CalendarEvent, horizon: datetime) -> list[Listing]:
    since = horizon - AHEAD - PAST if event.recurrence else min([event.starts, *event.added])
    until = horizon if event.recurrence else ENDLESS.replace(tzinfo=None)
    lasts = duration(event)
    return [
        Listing(
            event.calendar_event_id,
            starts,
            instant(starts, event.zone),
            max(instant(starts, event.zone), instant(starts + lasts, event.zone)),
        )
        for starts in occurrences(event, since, until, MOST_DATES)
    ]


def _listed(event: CalendarEvent, horizon: datetime) -> tuple[UUID, datetime | None]:
    goes_on = event.recurrence and occurrences(event, horizon, horizon + 5 * AHEAD, 1)
    return event.calendar_event_id, horizon if goes_on else None

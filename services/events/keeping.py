"""Keeps events together with all that follows from them, in the caller's transaction."""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Final
from uuid import UUID

import msgspec

from services.events.category import Category
from services.events.content import duration
from services.events.ical.event import WRITER, going, vevents, written_zone
from services.events.ical.rich import About, enriched
from services.events.images.picture import Picture
from services.events.model import CalendarEvent, content_of
from services.events.place import Place, access_of
from services.events.recurrence import dates, occurrences
from services.events.site import Site
from services.events.store import derived, events, pictures, places
from services.events.store.derived import Listing, Revision, Written
from shared.database import Connection
from shared.ical.timezone import instant

PAST: Final = timedelta(days=366)
AHEAD: Final = timedelta(days=731)
"""How far before and after now the dates of a series are listed."""
AHEAD_AT_LEAST: Final = timedelta(days=700)
MOST_DATES: Final = 1_000
ENDLESS: Final = datetime(2100, 1, 1, tzinfo=UTC)


class Deed(msgspec.Struct, frozen=True):
    """What was done to events and by whom, for their history."""

    name: str
    """The command, such as `reschedule_event`."""
    by: str
    """The editor's name, or who else acts, such as `Stadttheater`."""


async def keep_events(
    transaction: Connection, kept: Sequence[CalendarEvent], site: Site, now: datetime, deed: Deed
) -> None:
    """Write events, their history, their dates, and the bytes that stand in the feeds.

    What is not public is written without dates and bytes: nobody outside may see it.
    """
    if not kept:
        return
    await events.save_events(transaction, kept)
    await derived.save_revisions(transaction, [_revision(event, deed, now) for event in kept])
    await write_public(transaction, [event for event in kept if event.is_public], site, now)


async def write_public(
    transaction: Connection, public: Sequence[CalendarEvent], site: Site, now: datetime
) -> None:
    """Write the dates of public events and their bytes anew."""
    if not public:
        return
    await list_dates(transaction, public, now)
    categories = await events.categories(transaction)
    halls = await places.known_places(transaction, _named(event.place_id for event in public))
    shown = await pictures.known_pictures(
        transaction, _named(event.event_image_id for event in public)
    )
    await derived.save_written(
        transaction,
        [
            written(
                event,
                about(
                    event,
                    site,
                    categories,
                    halls[event.place_id] if event.place_id else None,
                    shown[event.event_image_id] if event.event_image_id else None,
                ),
            )
            for event in public
        ],
    )


def about(
    event: CalendarEvent,
    site: Site,
    categories: Sequence[Category],
    place: Place | None = None,
    picture: Picture | None = None,
) -> About:
    """Return what stands in calendars beside an event's own words."""
    named = [category for category in categories if category.code in event.categories]
    # Only its members may see a committee's event, and calendar programs do not sign in.
    is_shown = picture is not None and event.visibility != "committee"
    return About(
        url=site.event_url(event.calendar_event_id),
        categories=[category.title for category in named],
        concepts=[site.category_url(category.slug) for category in named],
        access=", ".join(access_of(place)) if place else "",
        picture=picture if is_shown else None,
        picture_url=site.image_url(picture.event_image_id) if picture else "",
    )


def written(event: CalendarEvent, beside: About) -> Written:
    """Return a public event as it stands in feeds, for each way in which they can be asked for."""
    left = going(event)
    plain = _vevents(event, beside)
    still = None if left is event else _vevents(left, beside)
    return Written(
        calendar_event_id=event.calendar_event_id,
        vevent=plain,
        zone="" if event.all_day else written_zone(event.zone),
        first_at=first_at(event),
        last_at=last_at(event),
        rich=enriched(plain, event, beside),
        going=still,
        going_rich=None if still is None else enriched(still, event, beside),
        writer=WRITER,
    )


def _named(ids: Iterable[UUID | None]) -> list[UUID]:
    return [each for each in ids if each is not None]


def _vevents(event: CalendarEvent | None, beside: About) -> bytes:
    if event is None:
        return b""
    return vevents(event, beside.url, beside.categories, beside.access)


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


def first_at(event: CalendarEvent) -> datetime:
    """Return when the first date starts, a date moved to before it too."""
    return instant(min([event.starts, *(change.starts for change in event.changed)]), event.zone)


def last_at(event: CalendarEvent) -> datetime:
    """Return the end of the last date, 2100 for a series that goes on for more than two years."""
    lasts = duration(event)
    moved = [change.ends or change.starts + lasts for change in event.changed]
    if not event.recurrence:
        return instant(max([event.starts, *event.added]) + lasts, event.zone)
    since = event.starts
    found = occurrences(event, since, since + 2 * AHEAD, MOST_DATES)
    if occurrences(event, since + 2 * AHEAD, since + 10 * AHEAD, 1) or len(found) == MOST_DATES:
        return ENDLESS
    return instant(max([(found or [since])[-1] + lasts, *moved]), event.zone)


def _dates(event: CalendarEvent, horizon: datetime) -> list[Listing]:
    since = horizon - AHEAD - PAST if event.recurrence else min([event.starts, *event.added])
    until = horizon if event.recurrence else ENDLESS.replace(tzinfo=None)
    return [
        Listing(
            calendar_event_id=event.calendar_event_id,
            original=date.original,
            starts=date.starts,
            starts_at=instant(date.starts, event.zone),
            ends_at=max(instant(date.starts, event.zone), instant(date.ends, event.zone)),
            is_cancelled=date.is_cancelled,
        )
        for date in dates(event, since, until, MOST_DATES)
    ]


def _listed(event: CalendarEvent, horizon: datetime) -> tuple[UUID, datetime | None]:
    goes_on = event.recurrence and occurrences(event, horizon, horizon + 5 * AHEAD, 1)
    return event.calendar_event_id, horizon if goes_on else None


def _revision(event: CalendarEvent, deed: Deed, now: datetime) -> Revision:
    return Revision(
        calendar_event_id=event.calendar_event_id,
        version=event.version,
        state=event.state,
        content=content_of(event),
        deed=deed.name,
        made_by=deed.by,
        made_at=now,
    )

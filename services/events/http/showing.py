"""Gathers what the one part of a page that shows an event needs, for citizens and editors alike."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Final

import msgspec
from markupsafe import Markup

from services.events.category import titles_of
from services.events.content import DEFAULT_ZONE, EventContent
from services.events.images.picture import Picture
from services.events.model import CalendarEvent
from services.events.place import Place, access_of
from services.events.recurrence import DateOf, dates
from services.events.rich_text import rendered
from services.events.rule_words import how_often
from services.events.store import calendar, events, pictures, places
from services.events.wording import STATES, when
from shared.database import Connection
from shared.ical.timezone import wall_clock

MOST_DATES: Final = 10
AHEAD: Final = timedelta(days=3_660)
LONG_AGO: Final = datetime(1970, 1, 1, tzinfo=UTC)


class Shown(msgspec.Struct, frozen=True, kw_only=True):
    """An event as the macro `event` of `kalender_teile.html` shows it."""

    event: CalendarEvent
    dates: list[str]
    """When, in words: the next of a series."""
    how_often: str
    previous: datetime | None
    """Wall clock: when it would have started before it was moved."""
    titles: list[str]
    """Of its categories."""
    audiences: list[str]
    """Titles of those whom it is meant for."""
    description: Markup
    """As HTML; empty if there is none."""
    state: tuple[str, str]
    """Its German name and the kind of badge."""
    is_elsewhere: bool
    """Whether its clock is not the city's."""
    place: Place | None
    """What is known about where it is."""
    picture: Picture | None
    access: list[str]
    """What is known about how accessible that place is, a sentence each."""


async def shown(connection: Connection, event: CalendarEvent, dates: Sequence[DateOf]) -> Shown:
    """Return all that the page shows about `event`, of which these are dates."""
    terms = await events.terms(connection)
    place = await places.find_place(connection, event.place_id) if event.place_id else None
    image_id = event.event_image_id
    picture = await pictures.find_picture(connection, image_id) if image_id else None
    previous = event.previous_starts_at
    return Shown(
        event=event,
        dates=[when(each, all_day=event.all_day) for each in dates],
        how_often=how_often(event.recurrence, event.zone),
        previous=wall_clock(previous, event.zone) if previous else None,
        titles=titles_of(event.categories, terms.categories),
        audiences=titles_of(event.audiences, terms.audiences),
        description=rendered(event.description),
        state=STATES[event.state],
        is_elsewhere=event.zone != DEFAULT_ZONE,
        place=place,
        picture=picture,
        access=access_of(place) if place else [],
    )


async def listed_dates(connection: Connection, event: CalendarEvent, now: datetime) -> list[DateOf]:
    """Return the next dates of an event, or the first of one that is over."""
    if event.is_public:
        for since in (now, LONG_AGO):
            found = await calendar.dates_of(connection, event.calendar_event_id, since, MOST_DATES)
            if found:
                return found
    return next_dates(event, now)


def next_dates(content: EventContent, now: datetime, most: int = MOST_DATES) -> list[DateOf]:
    """Return the next dates of what nobody sees yet, or the first where all are over."""
    today = wall_clock(now, content.zone).replace(hour=0, minute=0, second=0, microsecond=0)
    for since in (today, min(content.starts, today)):
        if found := dates(content, since, since + AHEAD, most):
            return found
    return []

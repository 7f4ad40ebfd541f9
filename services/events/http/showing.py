"""Gathers what the one part of a page that shows an event needs, for citizens and editors alike."""

from collections.abc import Sequence
from datetime import datetime

import msgspec
from markupsafe import Markup

from services.events.category import titles_of
from services.events.content import DEFAULT_ZONE
from services.events.model import CalendarEvent
from services.events.place import Place
from services.events.rich_text import rendered
from services.events.store import events, places
from services.events.wording import STATES, access_of, how_often
from shared.database import Connection
from shared.ical.timezone import wall_clock


class Shown(msgspec.Struct, frozen=True, kw_only=True):
    """An event as the macro `event` of `kalender_teile.html` shows it."""

    event: CalendarEvent
    dates: list[str]
    """When, in words; at least one."""
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
    access: list[str]
    """What is known about how accessible that place is, a sentence each."""


async def shown(connection: Connection, event: CalendarEvent, dates: Sequence[str]) -> Shown:
    """Return all that the page shows about `event`, of which these are the dates in words."""
    terms = await events.terms(connection)
    place = await places.find_place(connection, event.place_id) if event.place_id else None
    previous = event.previous_starts_at
    return Shown(
        event=event,
        dates=list(dates),
        how_often=how_often(event.recurrence),
        previous=wall_clock(previous, event.zone) if previous else None,
        titles=titles_of(event.categories, terms.categories),
        audiences=titles_of(event.audiences, terms.audiences),
        description=rendered(event.description),
        state=STATES[event.state],
        is_elsewhere=event.zone != DEFAULT_ZONE,
        place=place,
        access=access_of(place) if place else [],
    )

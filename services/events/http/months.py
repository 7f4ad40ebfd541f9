"""The calendar as a grid of one month."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Final

import msgspec
from litestar import get
from litestar.params import FromPath

from services.events.content import DEFAULT_ZONE
from services.events.feeds.titles import chosen
from services.events.http.asked import Search, midnight, read_month, read_search
from services.events.http.public import Day
from services.events.site import event_path
from services.events.store import calendar
from services.events.store.calendar import Asked, Dated
from services.events.store.choices import choices as read_choices
from services.events.store.names import names_of
from services.events.wording import hours, month_name
from shared.database import Connection
from shared.ical.timezone import wall_clock
from shared.web.access import PUBLIC
from shared.web.pages import Page, page
from shared.web.request import Request

MOST_DATES: Final = 1_000
MOST_IN_CELL: Final = 5
DAYS_IN_WEEK: Final = 7


class Cell(msgspec.Struct, frozen=True):
    """One day of the grid."""

    day: Day
    is_in_month: bool
    more: int
    """How many entries the cell has no room for."""


@get(["/termine/monat", "/termine/monat/{month:str}"], opt=PUBLIC)
async def get_month(request: Request, month: FromPath[str | None] = None) -> Page:
    """Show a month, the present one if none is named.

    Raises:
        NotFound: there is no such month.
    """
    today = wall_clock(datetime.now(UTC), DEFAULT_ZONE).date()
    first = read_month(month) if month else today.replace(day=1)
    following = (first + timedelta(days=31)).replace(day=1)
    days = grid_days(first, following)
    async with request.pool.acquire() as connection:
        choices = await read_choices(connection)
        search = read_search(request, choices, datetime.now(UTC))
        asked = Asked(
            since=midnight(days[0]),
            until=midnight(days[-1] + timedelta(days=1)),
            selection=search.selection,
        )
        found = await calendar.dates(connection, asked, 0, MOST_DATES)
        names = await names_of(connection, search.selection)
        cells = [_cell(day, found, first.month) for day in days]
        is_empty = not any(cell.day.entries for cell in cells if cell.is_in_month)
        later = await _later(connection, search, following) if is_empty else None
    return page(
        request,
        "monat.html",
        title=month_name(first),
        weeks=[cells[start : start + DAYS_IN_WEEK] for start in range(0, len(cells), DAYS_IN_WEEK)],
        previous=first - timedelta(days=1),
        following=following,
        month_name=month_name,
        today=today,
        search=search,
        choices=choices,
        chosen=chosen(search.selection, names),
        is_empty=is_empty,
        later=later,
    )


async def _later(connection: Connection, search: Search, since: date) -> date | None:
    """Return the first day from `since` on that has something; None if there is none."""
    asked = Asked(since=midnight(since), selection=search.selection)
    found = await calendar.dates(connection, asked, 0, 1)
    return found[0].starts.date() if found else None


def grid_days(first: date, following: date) -> list[date]:
    """Return the days of the weeks, Monday to Sunday, that a month touches."""
    monday = first - timedelta(days=first.weekday())
    last = following - timedelta(days=1)
    sunday = last + timedelta(days=DAYS_IN_WEEK - 1 - last.weekday())
    return [monday + timedelta(days=number) for number in range((sunday - monday).days + 1)]


def takes_place_on(dated: Dated, day: date) -> bool:
    """Say whether a date touches a day on its own clock; what ends at midnight does not."""
    ends = wall_clock(dated.ends_at, dated.zone)
    last = (ends - timedelta(microseconds=1)).date() if ends > dated.starts else ends.date()
    return dated.starts.date() <= day <= last


def _cell(day: date, found: Sequence[Dated], month: int) -> Cell:
    dates = [dated for dated in found if takes_place_on(dated, day)]
    entries = [
        (dated, event_path(dated.calendar_event_id, dated.title), hours(dated, day))
        for dated in dates[:MOST_IN_CELL]
    ]
    return Cell(Day(day, entries), day.month == month, max(0, len(dates) - MOST_IN_CELL))

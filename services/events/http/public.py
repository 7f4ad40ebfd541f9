"""The calendar's list and the page of one event, for everybody."""

import re
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from itertools import groupby
from typing import Any, Final
from uuid import UUID

import msgspec
from litestar import Response, get
from litestar.params import FromPath

from services.events.adding import google_url, map_of, outlook_url
from services.events.feeds.titles import chosen
from services.events.http.asked import read_search
from services.events.http.showing import Shown, listed_dates, shown
from services.events.ical.calendar import CONTENT_TYPE, single
from services.events.json_ld import Surroundings, json_ld
from services.events.model import EventUnknown
from services.events.recurrence import DateOf
from services.events.rich_text import plain
from services.events.settings import Settings
from services.events.site import event_path
from services.events.store import calendar, duplicates, events
from services.events.store.calendar import Dated
from services.events.store.choices import choices as read_choices
from services.events.store.names import names_of
from services.events.store.places import find_organiser
from services.events.wording import STATES, day_phrase, hours, month_name
from shared.database import Connection
from shared.web.access import PUBLIC
from shared.web.etag import not_modified, unchanged, weak_etag
from shared.web.pages import Page, page
from shared.web.request import Request

ROWS: Final = 40
MONTHS_AHEAD: Final = 5
_NAME: Final = re.compile(r"([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})(?:-[a-z0-9-]*)?")


class Day(msgspec.Struct, frozen=True):
    """One day of the list."""

    day: date
    entries: list[tuple[Dated, str, str]]
    """Date, its path, its hours."""


@get(["/", "/termine"], opt=PUBLIC)
async def get_list(request: Request) -> Page:
    """Show what is on, day by day, with filters and a day to start from."""
    async with request.pool.acquire() as connection:
        choices = await read_choices(connection)
        search = read_search(request, choices, datetime.now(UTC))
        offset = (search.page - 1) * ROWS
        found = await calendar.dates(connection, search.asked(), offset, ROWS + 1)
        names = await names_of(connection, search.selection)
    return page(
        request,
        "termine.html",
        days=by_day(found[:ROWS], search.since),
        search=search,
        choices=choices,
        chosen=chosen(search.selection, names),
        has_more=len(found) > ROWS,
        states=STATES,
        titles={category.code: category.title for category in choices.categories},
        months=_next_months(search.since),
        month_name=month_name,
        phrase=lambda day: day_phrase(day, search.today),
    )


@get("/termine/{name:str}", opt=PUBLIC)
async def get_event(request: Request, name: FromPath[str]) -> Page:
    """Show one event; what follows its id in the address is for people.

    Raises:
        EventUnknown: there is none, or nobody may see it yet.
    """
    calendar_event_id = _id_in(name)
    async with request.pool.acquire() as connection:
        found = await events.public_events(connection, [calendar_event_id])
        if not found:
            return await _moved(connection, calendar_event_id)
        dates = await listed_dates(connection, found[0], datetime.now(UTC))
        view = await shown(connection, found[0], dates)
        beside = await _surroundings(connection, view, dates)
    return event_page(request, view, beside)


@get("/termine/{name:str}/termin.ics", opt=PUBLIC)
async def get_event_file(request: Request, name: FromPath[str]) -> Response[bytes]:
    """Return one event for a calendar program.

    Raises:
        EventUnknown: there is none, or nobody may see it yet.
    """
    calendar_event_id = _id_in(name)
    async with request.pool.acquire() as connection:
        written = await calendar.find_written(connection, calendar_event_id)
        if written is None:
            return await _moved(connection, calendar_event_id, file=True)
    body = single(written[1], written[0])
    etag = weak_etag(body)
    headers = {"cache-control": "public, max-age=300", "content-type": CONTENT_TYPE}
    if unchanged(request, etag):
        return not_modified(etag, headers)
    disposition = f'inline; filename="termin-{str(calendar_event_id)[-12:]}.ics"'
    headers |= {"etag": etag, "content-disposition": disposition}
    return Response(body, headers=headers)


def event_page(request: Request, view: Shown, beside: Surroundings) -> Page:
    """Return the page of an event as citizens see it."""
    settings: Settings = request.app.state.settings
    event = view.event
    url = settings.public_url + event_path(event.calendar_event_id, event.title)
    starts = beside.dates[0].starts if beside.dates else event.starts
    return page(
        request,
        "termin.html",
        event=event,
        shown=view,
        summary=plain(event.description),
        json_ld=json_ld(event, settings.site, beside),
        canonical=url,
        file=f"/termine/{event.calendar_event_id}/termin.ics",
        google_url=google_url(event, starts, url),
        outlook_url=outlook_url(event, starts, url),
        map=map_of(event),
    )


async def _surroundings(
    connection: Connection, view: Shown, dates: Sequence[DateOf]
) -> Surroundings:
    known = view.event.organiser_id
    return Surroundings(
        dates=dates,
        place=view.place,
        organiser=await find_organiser(connection, known) if known else None,
        audiences=view.audiences,
        categories=view.titles,
    )


def by_day(found: Sequence[Dated], since: date) -> list[Day]:
    """Return dates under the day they start on; what goes on already stands under `since`."""

    def day_of(dated: Dated) -> date:
        return max(dated.starts.date(), since)

    ordered = sorted(found, key=day_of)
    return [
        Day(
            day,
            [
                (dated, event_path(dated.calendar_event_id, dated.title), hours(dated, day))
                for dated in dates
            ],
        )
        for day, dates in groupby(ordered, key=day_of)
    ]


def _next_months(since: date) -> list[date]:
    """Return the first days of the months after this day, for those who plan ahead."""
    months = [since.replace(day=1)]
    while len(months) <= MONTHS_AHEAD:
        months.append((months[-1] + timedelta(days=31)).replace(day=1))
    return months[1:]


async def _moved(
    connection: Connection, calendar_event_id: UUID, *, file: bool = False
) -> Response[Any]:
    """Lead from an event that was merged to the one that stands for it.

    Raises:
        EventUnknown: it was not merged, or nobody may see the other yet.
    """
    kept = await duplicates.kept_for(connection, calendar_event_id)
    if kept is None:
        raise EventUnknown
    path = f"/termine/{kept[0]}/termin.ics" if file else event_path(*kept)
    return Response("", status_code=301, headers={"location": path})


def _id_in(name: str) -> UUID:
    found = _NAME.fullmatch(name)
    if found is None:
        raise EventUnknown
    return UUID(found[1])

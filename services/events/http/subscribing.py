"""The pages on which people learn how to subscribe to a calendar."""

from datetime import UTC, datetime
from typing import Final
from urllib.parse import urlencode

import msgspec
import segno
from litestar import get
from litestar.params import FromPath
from markupsafe import Markup

from services.events.feeds.http import FeedUnknown
from services.events.feeds.shelf import Shelf
from services.events.feeds.standing import ALL, AUDIENCE, DISTRICT, ORGANISER, PLACE
from services.events.feeds.titles import chosen, description_of, title_of
from services.events.http.asked import written
from services.events.settings import Settings
from services.events.site import Site, event_path, feed_path
from services.events.store import calendar
from services.events.store.calendar import Asked
from services.events.store.choices import Choices
from services.events.store.choices import choices as read_choices
from services.events.store.names import names_of
from services.events.wording import when_dated
from shared.web.access import PUBLIC
from shared.web.pages import Page, page
from shared.web.request import Request

PREVIEWED: Final = 5


class Offer(msgspec.Struct, frozen=True):
    """A calendar that can be subscribed to, with its addresses."""

    title: str
    page_path: str
    url: str
    subscribe_url: str
    google_url: str
    outlook_url: str


@get(["/termine/abonnieren", "/kalender"], opt=PUBLIC)
async def get_subscribe(request: Request) -> Page:
    """Show all standing calendars, first that of everything with its addresses."""
    settings: Settings = request.app.state.settings
    async with request.pool.acquire() as connection:
        choices = await read_choices(connection)
    # This page and not the calendar: not every telephone's camera opens webcal addresses.
    return page(
        request,
        "abonnieren.html",
        offer=offer(settings.site, ALL, "Veranstaltungen"),
        code=drawn_code(f"{settings.public_url}/kalender"),
        groups=_groups(choices),
    )


@get("/termine/abonnieren/{slug:str}", opt=PUBLIC)
async def get_feed_page(request: Request, slug: FromPath[str]) -> Page:
    """Show one calendar: its addresses, how to use them, and what comes next in it.

    Raises:
        FeedUnknown: there is none of this name.
    """
    shelf: Shelf = request.app.state.shelf
    settings: Settings = request.app.state.settings
    feed = await shelf.look_up(slug)
    if feed is None:
        raise FeedUnknown
    asked = Asked(since=datetime.now(UTC), selection=feed.selection)
    async with request.pool.acquire() as connection:
        choices = await read_choices(connection)
        names = await names_of(connection, feed.selection)
        next_dates = await calendar.dates(connection, asked, 0, PREVIEWED)
    title = title_of(feed.selection, names)
    query = urlencode(written(feed.selection, choices), doseq=True)
    return page(
        request,
        "abonnement.html",
        offer=offer(settings.site, slug, title),
        code=drawn_code(settings.site.feed_page_url(slug)),
        about=description_of(feed.selection, names),
        chosen=chosen(feed.selection, names),
        list_path=f"/termine?{query}" if query else "/termine",
        next_dates=[
            (when_dated(dated), dated, event_path(dated.calendar_event_id, dated.title))
            for dated in next_dates
        ],
    )


def offer(site: Site, slug: str, title: str) -> Offer:
    """Return the addresses of a feed, those included that open other calendars' dialogues."""
    url, subscribe_url = site.feed_url(slug), site.subscribe_url(slug)
    google = urlencode({"cid": subscribe_url})
    outlook = urlencode({"url": url, "name": title})
    return Offer(
        title=title,
        page_path=feed_path(slug),
        url=url,
        subscribe_url=subscribe_url,
        google_url=f"https://calendar.google.com/calendar/r?{google}",
        outlook_url=f"https://outlook.live.com/calendar/0/addfromweb?{outlook}",
    )


def drawn_code(url: str) -> Markup:
    """Return a QR code as an SVG that is as large as its place."""
    drawn = segno.make(url, error="m").svg_inline(border=2, omitsize=True)
    # Only what segno has drawn: the address stands in it as squares.
    return Markup(drawn)  # noqa: S704


def _groups(choices: Choices) -> list[tuple[str, str, list[tuple[str, str]]]]:
    """Return the standing feeds in groups: anchor, heading, and titles with paths."""
    groups = [
        ("rubriken", "Nach Rubrik", [(each.slug, each.title) for each in choices.categories]),
        (
            "zielgruppen",
            "Nach Zielgruppe",
            [(AUDIENCE + each.slug, each.title) for each in choices.audiences],
        ),
        (
            "stadtteile",
            "Nach Stadtteil",
            [(DISTRICT + each.slug, each.title) for each in choices.districts],
        ),
        ("orte", "Nach Ort", [(PLACE + each.slug, each.title) for each in choices.places]),
        (
            "veranstalter",
            "Nach Veranstalter",
            [(ORGANISER + each.slug, each.title) for each in choices.organisers],
        ),
        (
            "barrierefreiheit",
            "Nach Barrierefreiheit des Ortes",
            [(each.slug, each.title) for each in choices.needs],
        ),
    ]
    return [
        (anchor, heading, [(title, feed_path(slug)) for slug, title in feeds])
        for anchor, heading, feeds in groups
        if feeds
    ]

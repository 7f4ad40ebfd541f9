"""The page on which people learn how to subscribe to a calendar."""

import msgspec
import segno
from litestar import get
from markupsafe import Markup

from services.events.feeds.shelf import Shelf
from services.events.feeds.store import Feed
from services.events.settings import Settings
from shared.web.access import PUBLIC
from shared.web.pages import Page, page
from shared.web.request import Request


class Offer(msgspec.Struct, frozen=True):
    """A calendar that can be subscribed to, with its addresses."""

    feed: Feed
    url: str
    subscribe_url: str


@get(["/termine/abonnieren", "/kalender"], opt=PUBLIC)
async def get_subscribe(request: Request) -> Page:
    """Show the addresses of all calendars and how to use them."""
    shelf: Shelf = request.app.state.shelf
    settings: Settings = request.app.state.settings
    site = settings.site
    offers = [
        Offer(feed, site.feed_url(feed.slug), site.subscribe_url(feed.slug)) for feed in shelf.all()
    ]
    # This page and not the calendar: not every telephone's camera opens webcal addresses.
    code = drawn_code(f"{settings.public_url}/kalender")
    return page(request, "abonnieren.html", offers=offers, code=code)


def drawn_code(url: str) -> Markup:
    """Return a QR code as an SVG that is as large as its place."""
    drawn = segno.make(url, error="m").svg_inline(border=2, omitsize=True)
    # Only what segno has drawn: the address stands in it as squares.
    return Markup(drawn)  # noqa: S704

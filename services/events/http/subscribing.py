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
    code: Markup
    """QR code as SVG."""


@get(["/termine/abonnieren", "/kalender"], opt=PUBLIC)
async def get_subscribe(request: Request) -> Page:
    """Show the addresses of all calendars and how to use them."""
    shelf: Shelf = request.app.state.shelf
    settings: Settings = request.app.state.settings
    offers = [_offer(feed, settings) for feed in shelf.all()]
    return page(request, "abonnieren.html", offers=offers)


def _offer(feed: Feed, settings: Settings) -> Offer:
    site = settings.site
    url = site.subscribe_url(feed.slug)
    drawn = segno.make(url, error="m").svg_inline(scale=4, border=4, omitsize=False)
    # Only what segno has drawn; the address within is ours and stands there as modules.
    return Offer(feed, site.feed_url(feed.slug), url, Markup(drawn))  # noqa: S704

"""What every site has to have: legal notices, and what robots may read."""

from typing import Final
from xml.sax.saxutils import escape

from litestar import Response, get

from services.events.settings import Settings
from services.events.site import event_path
from services.events.store import calendar
from shared.web.access import PUBLIC
from shared.web.pages import Page, page
from shared.web.request import Request

MOST_ADDRESSES: Final = 10_000
"""More than a large city has in a year; sitemaps.org allows 50,000 in one file."""
CLOSED: Final = (
    "/konsole", "/einladung", "/e/", "/verein", "/v/", "/tuer", "/anmelden", "/abmelden", "/api/",
    "/veranstaltung-melden", "/kurse/anmeldung", "/k/",
)  # fmt: skip


@get("/robots.txt", opt=PUBLIC)
async def get_robots(request: Request) -> Response[str]:
    """Say what robots may read: Google refuses a feed whose path is closed to them."""
    rules = ["User-agent: *", *(f"Disallow: {path}" for path in CLOSED)]
    settings: Settings = request.app.state.settings
    rules.append(f"Sitemap: {settings.public_url}/sitemap.xml")
    return Response("\n".join([*rules, ""]), media_type="text/plain", headers=_BRIEFLY)


@get("/sitemap.xml", opt=PUBLIC)
async def get_sitemap(request: Request) -> Response[str]:
    """List the pages of public events, those to come first, and of the calendars."""
    settings: Settings = request.app.state.settings
    async with request.pool.acquire() as connection:
        found = await calendar.addresses(connection, MOST_ADDRESSES)
    urls = [
        f"<url><loc>{settings.public_url}{path}</loc></url>"
        for path in ("/termine", "/termine/monat", "/kurse", "/kalender")
    ]
    urls += [
        f"<url><loc>{escape(settings.public_url + event_path(event_id, title))}</loc>"
        f"<lastmod>{changed_at:%Y-%m-%d}</lastmod></url>"
        for event_id, title, changed_at in found
    ]
    head = '<?xml version="1.0" encoding="UTF-8"?>\n'
    space = "http://www.sitemaps.org/schemas/sitemap/0.9"
    body = f'{head}<urlset xmlns="{space}">{"".join(urls)}</urlset>\n'
    return Response(body, media_type="application/xml", headers=_BRIEFLY)


@get("/impressum", opt=PUBLIC)
async def get_imprint(request: Request) -> Page:
    """Say who is responsible."""
    return page(request, "impressum.html", settings=request.app.state.settings)


@get("/datenschutz", opt=PUBLIC)
async def get_privacy(request: Request) -> Page:
    """Say what is stored about visitors."""
    return page(request, "datenschutz.html", settings=request.app.state.settings)


@get("/barrierefreiheit", opt=PUBLIC)
async def get_accessibility(request: Request) -> Page:
    """State how accessible the site is and whom to tell about barriers."""
    return page(request, "barrierefreiheit.html", settings=request.app.state.settings)


_BRIEFLY: Final = {"cache-control": "public, max-age=3600"}

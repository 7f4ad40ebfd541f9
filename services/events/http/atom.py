"""Tells feed readers and other sites what is new in the calendar, as Atom."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Final
from xml.etree import ElementTree as ET

from litestar import Response, get

from services.events.adding import location
from services.events.category import Category
from services.events.feeds.titles import title_of
from services.events.http.asked import read_search
from services.events.model import CalendarEvent
from services.events.rich_text import plain
from services.events.settings import Settings
from services.events.site import Site, event_path
from services.events.store import calendar, events
from services.events.store.choices import choices as read_choices
from services.events.store.names import names_of
from services.events.wording import when_is
from shared.ical.text import clean
from shared.web.access import PUBLIC
from shared.web.etag import not_modified, unchanged, weak_etag
from shared.web.request import Request

MOST_ENTRIES: Final = 50
NAMESPACE: Final = "http://www.w3.org/2005/Atom"
_PREFIX: Final = {"cancelled": "Abgesagt: ", "postponed": "Verschoben: "}
_HEADERS: Final = {
    "cache-control": "public, max-age=300",
    "access-control-allow-origin": "*",
    "content-type": "application/atom+xml; charset=utf-8",
}


@get("/termine.atom", opt=PUBLIC)
async def get_atom(request: Request) -> Response[bytes]:
    """List the events of a selection that are not over, those changed last first.

    Source: RFC 4287.
    """
    settings: Settings = request.app.state.settings
    now = datetime.now(UTC)
    async with request.pool.acquire() as connection:
        choices = await read_choices(connection)
        search = read_search(request, choices, now)
        ids = await calendar.latest(connection, now, search.selection, MOST_ENTRIES)
        found = await events.public_events(connection, ids)
        names = await names_of(connection, search.selection)
    found.sort(key=lambda event: event.changed_at, reverse=True)
    title = title_of(search.selection, names)
    link = settings.public_url + search.link("/termine.atom")
    body = _feed(title, link, settings.site, found, choices.categories)
    etag = weak_etag(body)
    if unchanged(request, etag):
        return not_modified(etag, _HEADERS)
    return Response(body, headers={**_HEADERS, "etag": etag})


def _feed(
    title: str,
    link: str,
    site: Site,
    found: Sequence[CalendarEvent],
    categories: Sequence[Category],
) -> bytes:
    root = ET.Element("feed", {"xmlns": NAMESPACE, "xml:lang": "de"})
    _add(root, "id", link)
    _add(root, "title", title)
    ET.SubElement(root, "link", {"rel": "self", "href": link})
    ET.SubElement(root, "link", {"rel": "alternate", "type": "text/html", "href": site.list_url})
    _add(root, "updated", _instant(max((event.changed_at for event in found), default=_EMPTY)))
    ET.SubElement(ET.SubElement(root, "author"), "name").text = "Ehrensache"
    for event in found:
        _entry(root, event, site, categories)
    written: bytes = ET.tostring(root, encoding="utf-8", xml_declaration=True)
    return written


def _entry(
    root: ET.Element, event: CalendarEvent, site: Site, categories: Sequence[Category]
) -> None:
    entry = ET.SubElement(root, "entry")
    _add(entry, "id", f"urn:uuid:{event.calendar_event_id}")
    _add(entry, "title", _PREFIX.get(event.state, "") + event.title)
    url = site.public_url + event_path(event.calendar_event_id, event.title)
    ET.SubElement(entry, "link", {"rel": "alternate", "type": "text/html", "href": url})
    _add(entry, "published", _instant(event.created_at))
    _add(entry, "updated", _instant(event.changed_at))
    about = [when_is(event), location(event), plain(event.description)]
    _add(entry, "summary", "\n\n".join(part for part in about if part))
    for category in categories:
        if category.code in event.categories:
            term = {"term": category.slug, "label": category.title}
            ET.SubElement(entry, "category", term)


def _add(parent: ET.Element, name: str, text: str) -> None:
    ET.SubElement(parent, name).text = clean(text)


def _instant(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


_EMPTY: Final = datetime(2026, 1, 1, tzinfo=UTC)

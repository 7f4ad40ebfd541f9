"""Makes the links that put one event into a calendar on the web, or show its place on a map."""

from datetime import datetime, timedelta
from typing import Final
from urllib.parse import urlencode

import msgspec

from services.events.content import duration
from services.events.model import CalendarEvent
from services.events.rich_text import plain
from shared.ical.timezone import instant, zone

MOST_TEXT: Final = 1_000
"""Characters of a description in an address; browsers and servers cut longer addresses."""
_GOOGLE: Final = "https://calendar.google.com/calendar/render"
_OUTLOOK: Final = "https://outlook.live.com/calendar/0/deeplink/compose"
_MAP: Final = "https://www.openstreetmap.org"


class Map(msgspec.Struct, frozen=True):
    """Where a place can be looked at; nothing is asked for before somebody follows a link."""

    web: str
    """A page of OpenStreetMap."""
    app: str
    """A geo: address for the map program of the device; empty where the point is not known."""


def google_url(event: CalendarEvent, starts: datetime, page_url: str) -> str:
    """Return the link that opens Google's form for the date at `starts` (naive), or its series."""
    begins = event.starts if event.recurrence else starts
    ends = begins + duration(event)
    form = "%Y%m%d" if event.all_day else "%Y%m%dT%H%M%S"
    fields = {
        "action": "TEMPLATE",
        "text": event.title,
        "dates": f"{begins.strftime(form)}/{ends.strftime(form)}",
        "ctz": event.zone,
        "details": _details(event, page_url),
        "location": location(event),
        "recur": f"RRULE:{event.recurrence}" if event.recurrence else "",
    }
    return f"{_GOOGLE}?{urlencode({name: value for name, value in fields.items() if value})}"


def outlook_url(event: CalendarEvent, starts: datetime, page_url: str) -> str:
    """Return the link that opens Outlook's form for the date at `starts` (naive)."""
    ends = starts + duration(event)
    fields = {
        "path": "/calendar/action/compose",
        "rru": "addevent",
        "subject": event.title,
        "startdt": _moment(event, starts),
        "enddt": _moment(event, ends - timedelta(days=1) if event.all_day else ends),
        "allday": "true" if event.all_day else "",
        "body": _details(event, page_url),
        "location": location(event),
    }
    return f"{_OUTLOOK}?{urlencode({name: value for name, value in fields.items() if value})}"


def map_of(event: CalendarEvent) -> Map | None:
    """Return where the event's place can be looked at, None if nothing is known about it."""
    if event.latitude is not None and event.longitude is not None:
        point = f"{event.latitude:.6f}", f"{event.longitude:.6f}"
        marker = urlencode({"mlat": point[0], "mlon": point[1]})
        web = f"{_MAP}/?{marker}#map=18/{point[0]}/{point[1]}"
        label = urlencode({"q": f"{point[0]},{point[1]}({event.place_name})"})
        return Map(web, f"geo:{point[0]},{point[1]}?{label}")
    if event.place_address:
        return Map(f"{_MAP}/search?{urlencode({'query': event.place_address})}", "")
    return None


def location(event: CalendarEvent) -> str:
    """Return name and address of the place in one line."""
    return ", ".join(part for part in (event.place_name, event.place_address) if part)


def _details(event: CalendarEvent, page_url: str) -> str:
    text = plain(event.description)
    short = text if len(text) <= MOST_TEXT else text[:MOST_TEXT].rstrip() + " …"
    return "\n\n".join(part for part in (short, page_url) if part)


def _moment(event: CalendarEvent, at: datetime) -> str:
    if event.all_day:
        return at.date().isoformat()
    return instant(at, event.zone).astimezone(zone(event.zone)).isoformat()

"""Describes an event for search engines, as schema.org JSON-LD."""

from datetime import timedelta
from typing import Any, Final

import msgspec
from markupsafe import Markup

from services.events.model import CalendarEvent
from services.events.rich_text import plain
from services.events.site import Site
from shared.ical.timezone import instant, zone

_STATUS: Final = {
    "published": "EventScheduled",
    "cancelled": "EventCancelled",
    "postponed": "EventPostponed",
}


def json_ld(event: CalendarEvent, site: Site) -> Markup:
    """Return the JSON that may stand in a script element as it is."""
    text = msgspec.json.encode(described(event, site)).decode()
    # `<` could end the script element, whatever the JSON means by it.
    escaped = text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")
    return Markup(escaped)  # noqa: S704 - escaped above


def described(event: CalendarEvent, site: Site) -> dict[str, Any]:
    """Return the event in schema.org's words; what is not known is left out."""
    moved = event.previous_starts_at is not None and event.state == "published"
    described: dict[str, Any] = {
        "@context": "https://schema.org",
        "@type": "Event",
        "@id": site.event_url(event.calendar_event_id),
        "url": site.event_url(event.calendar_event_id),
        "name": event.title,
        "eventStatus": "https://schema.org/"
        + ("EventRescheduled" if moved else _STATUS.get(event.state, "EventScheduled")),
        "eventAttendanceMode": "https://schema.org/OfflineEventAttendanceMode",
        "startDate": _moment(event, ends=False),
        "description": plain(event.description),
    }
    if event.ends is not None:
        described["endDate"] = _moment(event, ends=True)
    if moved and event.previous_starts_at is not None:
        previous = event.previous_starts_at.astimezone(zone(event.zone))
        described["previousStartDate"] = previous.isoformat()
    if event.place_name or event.place_address:
        described["location"] = _place(event)
    if event.organiser:
        described["organizer"] = {"@type": "Organization", "name": event.organiser}
    return {name: value for name, value in described.items() if value}


def _place(event: CalendarEvent) -> dict[str, Any]:
    place: dict[str, Any] = {"@type": "Place", "name": event.place_name or event.place_address}
    if event.place_address:
        place["address"] = event.place_address
    if event.latitude is not None:
        place["geo"] = {
            "@type": "GeoCoordinates",
            "latitude": event.latitude,
            "longitude": event.longitude,
        }
    return place


def _moment(event: CalendarEvent, *, ends: bool) -> str:
    at = event.ends if ends and event.ends is not None else event.starts
    if event.all_day:
        # schema.org names the last day, we keep the day after it.
        return (at - timedelta(days=1) if ends else at).date().isoformat()
    return instant(at, event.zone).astimezone(zone(event.zone)).isoformat()

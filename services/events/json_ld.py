"""Describes an event for search engines, as schema.org JSON-LD."""

import re
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, Final

import msgspec
from markupsafe import Markup

from services.events.model import CalendarEvent
from services.events.place import Organiser, Place
from services.events.recurrence import DateOf
from services.events.rich_text import plain
from services.events.site import Site
from shared.ical.timezone import instant, zone

_STATUS: Final = {
    "published": "EventScheduled",
    "cancelled": "EventCancelled",
    "postponed": "EventPostponed",
}
_SCHEMA: Final = "https://schema.org/"
_ADDRESS: Final = re.compile(r"(?P<street>[^,]+), (?P<code>\d{5}) (?P<town>[^,]+)")
_PRICE: Final = re.compile(r"(\d{1,5})(?:,(\d{2}))? ?(?:€|(?:Euro|EUR)\b)", re.IGNORECASE)
_FREE: Final = re.compile(r"kostenlos|kostenfrei|eintritt frei|freier eintritt", re.IGNORECASE)


class Surroundings(msgspec.Struct, frozen=True, kw_only=True):
    """What is known about an event beside itself."""

    dates: Sequence[DateOf] = ()
    """Its next dates."""
    place: Place | None = None
    organiser: Organiser | None = None
    audiences: Sequence[str] = ()
    """Titles."""
    categories: Sequence[str] = ()
    """Titles."""


UNKNOWN: Final = Surroundings()


def json_ld(event: CalendarEvent, site: Site, beside: Surroundings = UNKNOWN) -> Markup:
    """Return an event as JSON that may stand in a script element as it is."""
    return in_script(described(event, site, beside))


def in_script(told: dict[str, Any]) -> Markup:
    """Return JSON that may stand in a script element as it is."""
    text = msgspec.json.encode(told).decode()
    # `<` could end the script element, whatever the JSON means by it.
    escaped = text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")
    return Markup(escaped)  # noqa: S704 - escaped above


def described(event: CalendarEvent, site: Site, beside: Surroundings = UNKNOWN) -> dict[str, Any]:
    """Return the event in schema.org's words; what is not known is left out."""
    moved = event.previous_starts_at is not None and event.state == "published"
    url = site.event_url(event.calendar_event_id)
    described: dict[str, Any] = {
        "@context": "https://schema.org",
        "@type": "Event",
        "@id": url,
        "url": url,
        "name": event.title,
        "description": plain(event.description),
        "inLanguage": "de",
        "eventStatus": _SCHEMA
        + ("EventRescheduled" if moved else _STATUS.get(event.state, "EventScheduled")),
        "startDate": _moment(event, event.starts),
        "endDate": _moment(event, event.ends, is_end=True) if event.ends is not None else "",
        "keywords": list(beside.categories),
        "audience": [{"@type": "Audience", "audienceType": title} for title in beside.audiences],
        "subEvent": [_date(event, date) for date in beside.dates] if event.recurrence else [],
        **_priced(event, url),
    }
    if event.event_image_id is not None:
        described["image"] = site.image_url(event.event_image_id)
    if moved and event.previous_starts_at is not None:
        previous = event.previous_starts_at.astimezone(zone(event.zone))
        described["previousStartDate"] = previous.isoformat()
    if event.place_name or event.place_address:
        described["eventAttendanceMode"] = _SCHEMA + "OfflineEventAttendanceMode"
        described["location"] = _place(event, beside.place)
    if event.organiser:
        described["organizer"] = _organizer(event, beside.organiser)
    return {name: value for name, value in described.items() if value or value is False}


def _priced(event: CalendarEvent, url: str) -> dict[str, Any]:
    if not event.price and not event.registration_url:
        return {}
    return offered(event.price, event.registration_url or event.website or url)


def offered(price: str, url: str) -> dict[str, Any]:
    """Return what something costs, as far as its words say so, and where one gets it."""
    offer: dict[str, Any] = {
        "@type": "Offer",
        "url": url,
        "description": price,
    }
    is_free = bool(_FREE.search(price)) and not _PRICE.search(price)
    found = _PRICE.search(price)
    if found or is_free:
        offer["price"] = f"{found[1]}.{found[2] or '00'}" if found else "0.00"
        offer["priceCurrency"] = "EUR"
    priced = {"offers": {name: value for name, value in offer.items() if value}}
    return priced | ({"isAccessibleForFree": is_free} if found or is_free else {})


def _organizer(event: CalendarEvent, organiser: Organiser | None) -> dict[str, Any]:
    website = organiser.website if organiser else ""
    told = {"@type": "Organization", "name": event.organiser, "url": website}
    return {name: value for name, value in told.items() if value}


def _place(event: CalendarEvent, known: Place | None) -> dict[str, Any]:
    place: dict[str, Any] = {"@type": "Place", "name": event.place_name or event.place_address}
    if event.place_address:
        place["address"] = _address(event.place_address)
    if event.latitude is not None:
        place["geo"] = {
            "@type": "GeoCoordinates",
            "latitude": event.latitude,
            "longitude": event.longitude,
        }
    features = _features(known) if known else []
    return place | ({"amenityFeature": features} if features else {})


def _address(text: str) -> dict[str, Any] | str:
    found = _ADDRESS.fullmatch(text)
    if found is None:
        return text
    return {
        "@type": "PostalAddress",
        "streetAddress": found["street"],
        "postalCode": found["code"],
        "addressLocality": found["town"],
        "addressCountry": "DE",
    }


def _features(place: Place) -> list[dict[str, Any]]:
    known = {
        "Stufenloser Zugang": place.is_step_free,
        "Barrierefreie Toilette": place.has_accessible_toilet,
        "Induktive Höranlage": place.has_hearing_loop,
        "Rollstuhlplätze": place.wheelchair_places,
    }
    return [
        {"@type": "LocationFeatureSpecification", "name": name, "value": value}
        for name, value in known.items()
        if value is not None
    ]


def _date(event: CalendarEvent, date: DateOf) -> dict[str, Any]:
    state = "cancelled" if date.is_cancelled else event.state
    return {
        "@type": "Event",
        "name": event.title,
        "startDate": _moment(event, date.starts),
        "endDate": _moment(event, date.ends, is_end=True),
        "eventStatus": _SCHEMA + _STATUS.get(state, "EventScheduled"),
    }


def _moment(event: CalendarEvent, at: datetime, *, is_end: bool = False) -> str:
    if event.all_day:
        # schema.org names the last day, we keep the day after it.
        return (at - timedelta(days=1) if is_end else at).date().isoformat()
    return instant(at, event.zone).astimezone(zone(event.zone)).isoformat()

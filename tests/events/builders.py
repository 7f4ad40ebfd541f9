"""Builds calendar events, items and messages that are right unless a test says otherwise."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import msgspec

from services.events.content import EventContent
from services.events.ingest.item import Incoming
from services.events.model import CalendarEvent

EVENT_ID = UUID("01900000-0000-7000-8000-000000000001")
EDITOR = "Aylin Tannert"
NOW = datetime(2026, 6, 1, 8, 0, tzinfo=UTC)


def at(text: str) -> datetime:
    """Return a wall-clock time such as `2026-09-12T19:30`."""
    return datetime.fromisoformat(text)


def content(**changes: Any) -> EventContent:
    """Return what a concert in September says."""
    given: dict[str, Any] = {
        "title": "Sommerkonzert",
        "description": "Ein Abend mit Musik.",
        "place_name": "Kulturhaus",
        "place_address": "Hauptstraße 1, 01067 Dresden",
        "organiser": "Musikverein Beispiel e. V.",
        "categories": ["culture"],
        "starts": at("2026-09-12T19:30"),
        "ends": at("2026-09-12T21:30"),
        **changes,
    }
    return EventContent(**given)


def event(**changes: Any) -> CalendarEvent:
    """Return a published event."""
    given: dict[str, Any] = {
        **msgspec.structs.asdict(content()),
        "calendar_event_id": EVENT_ID,
        "uid": f"{EVENT_ID}@ehrenamt.example.de",
        "version": 1,
        "sequence": 0,
        "state": "published",
        "created_at": NOW,
        "changed_at": NOW,
        **changes,
    }
    return CalendarEvent(**given)


def headers(content_type: str = "application/json", **changes: str) -> dict[str, str]:
    """Return the headers of a CloudEvent in binary mode from the partner `theater`."""
    return {
        "ce-specversion": "1.0",
        "ce-id": "message-1",
        "ce-type": "de.example.event",
        "ce-source": "theater",
        "ce-datacontenttype": content_type,
        **{f"ce-{name}": value for name, value in changes.items()},
    }


def incoming(body: object, content_type: str = "application/json", **changes: str) -> Incoming:
    """Return a message of the partner `theater`; what is no bytes is written as JSON."""
    written = body if isinstance(body, bytes) else msgspec.json.encode(body)
    return Incoming(partner="theater", headers=headers(content_type, **changes), body=written)


def plain(**changes: Any) -> dict[str, Any]:
    """Return an item in our plain JSON."""
    return {"id": "2026-17", "title": "Sommerkonzert", "starts": "2026-09-12T19:30", **changes}


def linked(**changes: Any) -> dict[str, Any]:
    """Return an item as schema.org JSON-LD."""
    return {
        "@context": "https://schema.org",
        "@type": "MusicEvent",
        "identifier": "2026-17",
        "name": "Sommerkonzert",
        "startDate": "2026-09-12T19:30:00+02:00",
        **changes,
    }


def vevent(*lines: str, **changes: str) -> str:
    """Return a VEVENT; an empty change leaves a property out, further lines are added."""
    given = {"UID": "2026-17@theater", "DTSTAMP": "20260601T080000Z", "SUMMARY": "Sommerkonzert"}
    given |= {"DTSTART;TZID=Europe/Berlin": "20260912T193000"} | changes
    rows = [f"{name}:{value}" for name, value in given.items() if value]
    return "\r\n".join(["BEGIN:VEVENT", *rows, *lines, "END:VEVENT"])


def calendar(*parts: str) -> bytes:
    """Return an iCalendar document of these parts."""
    frame = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Theater//DE", *parts, "END:VCALENDAR", ""]
    return "\r\n".join(frame).encode()

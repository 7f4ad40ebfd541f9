"""Knows the public addresses of events and feeds."""

import re
import unicodedata
from typing import Final
from urllib.parse import urlsplit
from uuid import UUID

import msgspec

SLUG_LENGTH: Final = 60
_GERMAN: Final = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss"})


class Site(msgspec.Struct, frozen=True):
    """The public address that everything is reached under."""

    public_url: str
    """Origin without a trailing slash."""

    def uid(self, calendar_event_id: UUID) -> str:
        """Return the UID for a new event; it is stored, for it must outlive a change of address."""
        return f"{calendar_event_id}@{urlsplit(self.public_url).hostname or 'localhost'}"

    def event_url(self, calendar_event_id: UUID) -> str:
        """Return the event's address that does not change with its title."""
        return f"{self.public_url}/termine/{calendar_event_id}"

    def image_url(self, event_image_id: UUID) -> str:
        """Return where a picture is, for ever."""
        return f"{self.public_url}/bilder/{event_image_id}"

    def feed_url(self, slug: str) -> str:
        """Return where a feed is read."""
        return f"{self.public_url}/kalender/{slug}.ics"

    def subscribe_url(self, slug: str) -> str:
        """Return the address that opens a calendar program's subscription dialogue."""
        return "webcal://" + self.feed_url(slug).partition("://")[2]

    def category_url(self, slug: str) -> str:
        """Return where the events of a category are listed, which also stands for the category."""
        return f"{self.public_url}/termine?rubrik={slug}"

    def feed_page_url(self, slug: str) -> str:
        """Return where people learn how to subscribe to a feed."""
        return self.public_url + feed_path(slug)

    @property
    def list_url(self) -> str:
        """Return where the calendar's page is."""
        return f"{self.public_url}/termine"


def feed_path(slug: str) -> str:
    """Return the path of the page on which people subscribe to a feed."""
    return f"/termine/abonnieren/{slug}"


def event_path(calendar_event_id: UUID, title: str) -> str:
    """Return the event's path with words from its title, for people who look at the address."""
    words = slug_of(title)
    return f"/termine/{calendar_event_id}" + (f"-{words}" if words else "")


def slug_of(title: str) -> str:
    """Return a title in lower-case ASCII words joined by hyphens; empty if nothing is left."""
    plain = unicodedata.normalize("NFKD", title.lower().translate(_GERMAN))
    words = re.sub(r"[^a-z0-9]+", "-", plain.encode("ascii", "ignore").decode())
    return words[:SLUG_LENGTH].strip("-")

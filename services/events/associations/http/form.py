"""The form in which an association says what its event is."""

from typing import Annotated, Any, Literal

import msgspec

from services.events.content import EventContent, EventTexts, duration
from services.events.http.times_form import DateForm, hours_of, shown_date
from services.events.model import CalendarEvent, content_of

TEXTS = ("title", "description", "place_name", "place_address", "price", "registration_url")
LABELS = {
    "title": "Titel",
    "description": "Beschreibung",
    "place_name": "Ort",
    "place_address": "Anschrift",
    "price": "Eintritt",
    "registration_url": "Anmeldung",
    "website": "Internetadresse",
    "categories": "Rubriken",
    "audiences": "Zielgruppen",
    "starts_on": "Tag",
    "starts_at": "Beginn",
    "ends_on": "Letzter Tag",
    "ends_at": "Ende",
    "all_day": "Ganztägig",
}


class OwnEventForm(DateForm, kw_only=True):
    """What the association says; the rest is up to the editors."""

    wish: Literal["save", "submit"] = "save"
    all_day: bool = False
    title: Annotated[str, msgspec.Meta(max_length=200)]
    description: Annotated[str, msgspec.Meta(max_length=8_000)] = ""
    place_name: Annotated[str, msgspec.Meta(max_length=300)] = ""
    place_address: Annotated[str, msgspec.Meta(max_length=300)] = ""
    price: Annotated[str, msgspec.Meta(max_length=300)] = ""
    registration_url: Annotated[str, msgspec.Meta(max_length=2_000)] = ""
    website: Annotated[str, msgspec.Meta(max_length=2_000)] = ""
    categories: tuple[str, ...] = ()
    audiences: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        """Refuse hours that do not go together."""
        hours_of(self, all_day=self.all_day)

    def content(self, before: CalendarEvent | None) -> EventContent:
        """Return what the event will say; what the form does not ask for stays as it was.

        Raises:
            Malformed: an hour is missing.
        """
        said: dict[str, Any] = {name: getattr(self, name) for name in (*TEXTS, "website")}
        said |= {"categories": list(self.categories), "audiences": list(self.audiences)}
        starts, ends = hours_of(self, all_day=self.all_day)
        said |= {"starts": starts, "ends": ends, "all_day": self.all_day}
        if before is None:
            return EventContent(**said)
        if (before.place_name, before.place_address) != (self.place_name, self.place_address):
            said |= {"place_id": None, "latitude": None, "longitude": None}
        return msgspec.structs.replace(content_of(before), **(said | {"zone": before.zone}))


def shown_in_form(event: CalendarEvent) -> dict[str, Any]:
    """Return the form's fields for an event that is there already."""
    texts = {name: getattr(event, name) for name in EventTexts.__struct_fields__}
    ends, has_end = event.starts + duration(event), event.ends is not None
    times = shown_date(event.starts, ends, all_day=event.all_day, has_end=has_end)
    return {**texts, **times, "all_day": event.all_day, "version": event.version}

"""The form in which an association says what its event is."""

from typing import Annotated, Any, Literal

import msgspec

from services.events.content import EventContent, EventTexts
from services.events.http.event_form import TimesForm, shown_times, times_of
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


class OwnEventForm(TimesForm, kw_only=True):
    """What the association says; the rest is up to the editors."""

    wish: Literal["save", "submit"] = "save"
    title: Annotated[str, msgspec.Meta(max_length=200)]
    description: Annotated[str, msgspec.Meta(max_length=8_000)] = ""
    place_name: Annotated[str, msgspec.Meta(max_length=300)] = ""
    place_address: Annotated[str, msgspec.Meta(max_length=300)] = ""
    price: Annotated[str, msgspec.Meta(max_length=300)] = ""
    registration_url: Annotated[str, msgspec.Meta(max_length=2_000)] = ""
    website: Annotated[str, msgspec.Meta(max_length=2_000)] = ""
    categories: tuple[str, ...] = ()
    audiences: tuple[str, ...] = ()

    def content(self, before: CalendarEvent | None) -> EventContent:
        """Return what the event will say; what the form does not ask for stays as it was.

        Raises:
            Malformed: an hour is missing.
        """
        said: dict[str, Any] = {name: getattr(self, name) for name in (*TEXTS, "website")}
        said |= {"categories": list(self.categories), "audiences": list(self.audiences)}
        said |= msgspec.structs.asdict(times_of(self))
        if before is None:
            return EventContent(**said)
        if (before.place_name, before.place_address) != (self.place_name, self.place_address):
            said |= {"place_id": None, "latitude": None, "longitude": None}
        return msgspec.structs.replace(content_of(before), **(said | {"zone": before.zone}))


def shown_in_form(event: CalendarEvent) -> dict[str, Any]:
    """Return the form's fields for an event that is there already."""
    texts = {name: getattr(event, name) for name in EventTexts.__struct_fields__}
    return {**texts, **shown_times(event)}

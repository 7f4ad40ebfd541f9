"""Finds among the places and organisers that the city knows those that a partner means."""

from collections.abc import Collection, Mapping
from itertools import chain
from typing import Any, Final, TypeVar
from uuid import UUID

import msgspec

from services.events.content import EventContent, EventTexts, layered
from services.events.place import Organiser, Place

PLACE: Final = ("place_id", "place_name", "place_address", "latitude", "longitude")
ORGANISER: Final = ("organiser_id", "organiser")
"""Fields that say the same thing."""
Texts = TypeVar("Texts", bound=EventTexts)
Entry = TypeVar("Entry", Place, Organiser)


class Naming(msgspec.Struct, frozen=True):
    """The places and organisers that some events may mean, by id."""

    places: Mapping[UUID, Place] = {}
    organisers: Mapping[UUID, Organiser] = {}

    def named(
        self,
        source: EventContent,
        override: Mapping[str, Any],
        present: EventTexts | None = None,
    ) -> EventContent:
        """Return what a source says, with editors' changes above it, at its known place.

        A source names places and organisers in words; what editors have chosen counts more.

        Args:
            source: what the partner says.
            override: fields that editors have changed.
            present: the event as it is. Its place counts where the one that editors have chosen
                has become another in the meantime.
        """
        content = layered(source, override)
        place = self._place(content, override, present)
        organiser = self._organiser(content, override, present)
        content = msgspec.structs.replace(content, place_id=None, organiser_id=None)
        content = at_place(content, place) if place else content
        return held_by(content, organiser) if organiser else content

    def _place(
        self, content: EventContent, override: Collection[str], present: EventTexts | None
    ) -> Place | None:
        if content.place_id is not None:
            present_id = present.place_id if present else None
            return _first(self.places, content.place_id, present_id)
        if not set(PLACE).isdisjoint(override):
            return None
        meant = [
            place
            for place in self.places.values()
            if any(_is(place, name, address) for name, address in _readings(content))
        ]
        # Where two fit, a guess might send people to the wrong door.
        return meant[0] if len(meant) == 1 else None

    def _organiser(
        self, content: EventContent, override: Collection[str], present: EventTexts | None
    ) -> Organiser | None:
        if content.organiser_id is not None:
            present_id = present.organiser_id if present else None
            return _first(self.organisers, content.organiser_id, present_id)
        if not set(ORGANISER).isdisjoint(override):
            return None
        name = _folded(content.organiser)
        return next((each for each in self.organisers.values() if _folded(each.name) == name), None)


def at_place(texts: Texts, place: Place) -> Texts:
    """Return `texts` with a known place, its name, address and point."""
    return msgspec.structs.replace(
        texts,
        place_id=place.place_id,
        place_name=place.name,
        place_address=place.address,
        latitude=place.latitude,
        longitude=place.longitude,
    )


def held_by(texts: Texts, organiser: Organiser) -> Texts:
    """Return `texts` with a known organiser and its name."""
    return msgspec.structs.replace(
        texts, organiser_id=organiser.organiser_id, organiser=organiser.name
    )


def place_names(contents: Collection[EventContent]) -> list[str]:
    """Return in lower case all that the places of some events may be called."""
    readings = chain.from_iterable(map(_readings, contents))
    return sorted({name for name, _ in readings if name})


def organiser_names(contents: Collection[EventContent]) -> list[str]:
    """Return in lower case what the organisers of some events are called."""
    return sorted({_folded(each.organiser) for each in contents if each.organiser})


def _readings(content: EventContent) -> list[tuple[str, str]]:
    """Return name and address of a place in each way in which its words can be read.

    iCalendar has one text for both: `Kleines Haus, Glockengasse 3`.
    """
    name, address = _folded(content.place_name), _folded(content.place_address)
    parts = name.split(", ")
    ends = range(1, len(parts)) if not address else ()
    return [(name, address), *((", ".join(parts[:end]), ", ".join(parts[end:])) for end in ends)]


def _is(place: Place, name: str, address: str) -> bool:
    """Say whether a place is called so and can be there; one of both may say less."""
    known = _folded(place.address)
    shorter, longer = sorted((known, address), key=len)
    is_there = not shorter or longer == shorter or longer.startswith(f"{shorter},")
    return is_there and _folded(place.name) == name


def _first(known: Mapping[UUID, Entry], *ids: UUID | None) -> Entry | None:
    return next((known[each] for each in ids if each is not None and each in known), None)


def _folded(text: str) -> str:
    return " ".join(text.lower().split())

"""Knows the places where events are and those who hold them, as the city keeps them."""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Final
from uuid import UUID

import msgspec

from shared.errors import Malformed, NotFound, Refused

_ACCESS: Final = {
    "is_step_free": ("Stufenloser Zugang", "Nicht stufenlos zugänglich"),
    "has_accessible_toilet": ("Barrierefreie Toilette", "Keine barrierefreie Toilette"),
    "has_hearing_loop": ("Induktive Höranlage", "Keine Höranlage"),
}


class District(msgspec.Struct, frozen=True):
    """A part of the city (Stadtteil)."""

    slug: str
    title: str


class PlaceContent(msgspec.Struct, frozen=True, kw_only=True):
    """What is known about a place; None where nobody has looked."""

    name: Annotated[str, msgspec.Meta(min_length=1, max_length=300)]
    address: Annotated[str, msgspec.Meta(max_length=300)] = ""
    district: str | None = None
    """Slug."""
    latitude: float | None = None
    longitude: float | None = None
    """WGS 84, in degrees."""
    is_step_free: bool | None = None
    has_hearing_loop: bool | None = None
    has_accessible_toilet: bool | None = None
    wheelchair_places: int | None = None
    access_note: Annotated[str, msgspec.Meta(max_length=1_000)] = ""


class Place(PlaceContent, frozen=True, kw_only=True):
    """Where events are (Veranstaltungsort)."""

    place_id: UUID
    version: int
    changed_at: datetime


def access_of(place: PlaceContent) -> list[str]:
    """Return a sentence for everything that is known about how accessible a place is."""
    said = [
        _ACCESS[name][0 if known else 1]
        for name, known in (
            ("is_step_free", place.is_step_free),
            ("has_accessible_toilet", place.has_accessible_toilet),
            ("has_hearing_loop", place.has_hearing_loop),
        )
        if known is not None
    ]
    if place.wheelchair_places is not None:
        said.append(_wheelchairs(place.wheelchair_places))
    return [*said, place.access_note] if place.access_note else said


def _wheelchairs(places: int) -> str:
    if not places:
        return "Keine Rollstuhlplätze"
    return "1 Rollstuhlplatz" if places == 1 else f"{places} Rollstuhlplätze"


class OrganiserContent(msgspec.Struct, frozen=True, kw_only=True):
    """What is known about somebody who holds events."""

    name: Annotated[str, msgspec.Meta(min_length=1, max_length=300)]
    website: Annotated[str, msgspec.Meta(max_length=2_000)] = ""
    organisation_id: UUID | None = None
    """The association in registry's words, if it is one."""


class Organiser(OrganiserContent, frozen=True, kw_only=True):
    """Who holds events (Veranstalter)."""

    organiser_id: UUID
    version: int
    changed_at: datetime


class PlaceUnknown(NotFound):
    """There is no such place."""

    def __init__(self) -> None:
        super().__init__("Diesen Ort gibt es nicht.")


class OrganiserUnknown(NotFound):
    """There is no such organiser."""

    def __init__(self) -> None:
        super().__init__("Diesen Veranstalter gibt es nicht.")


class NameTaken(Malformed):
    """Another entry of the list has this name."""

    def __init__(self) -> None:
        super().__init__(
            "Diesen Eintrag gibt es schon. Bitte wählen Sie ihn aus der Liste.", "name"
        )


class EntryInUse(Refused):
    """Events name the entry."""

    def __init__(self, count: int) -> None:
        named = "Eine Veranstaltung nennt" if count == 1 else f"{count} Veranstaltungen nennen"
        super().__init__(
            f"{named} diesen Eintrag. Führen Sie ihn mit einem anderen zusammen, statt ihn zu "
            "löschen."
        )


class EntryStale(Refused):
    """Somebody else has changed the entry in the meantime."""

    def __init__(self) -> None:
        super().__init__(
            "Dieser Eintrag wurde inzwischen von jemand anderem geändert. Bitte laden Sie die "
            "Seite neu."
        )


class MergedWithItself(Refused):
    """An entry is no duplicate of itself."""

    def __init__(self) -> None:
        super().__init__("Bitte wählen Sie einen anderen Eintrag.")


class DistrictUnknown(NotFound):
    """There is no such district."""

    def __init__(self) -> None:
        super().__init__("Diesen Stadtteil gibt es nicht.")


class DistrictInUse(Refused):
    """Places lie in the district."""

    def __init__(self) -> None:
        super().__init__("In diesem Stadtteil liegen Orte. Ordnen Sie sie zuerst anders zu.")


def checked_organiser(organiser: OrganiserContent) -> OrganiserContent:
    """Return `organiser` if what it says goes together.

    Raises:
        Malformed: names the first field that does not.
    """
    if not organiser.name.strip():
        raise Malformed("Bitte geben Sie einen Namen an.", "name")
    if organiser.website and not organiser.website.startswith(("https://", "http://")):
        raise Malformed("Die Adresse muss mit https:// oder http:// beginnen.", "website")
    return organiser


def require_district(place: PlaceContent, districts: Sequence[District]) -> None:
    """Stop a place in a district that there is not.

    Raises:
        Malformed: names the field.
    """
    if place.district and place.district not in {district.slug for district in districts}:
        raise Malformed("Diesen Stadtteil gibt es nicht.", "district")


def checked(place: PlaceContent) -> PlaceContent:
    """Return `place` if what it says goes together.

    Raises:
        Malformed: names the first field that does not.
    """
    if not place.name.strip():
        raise Malformed("Bitte geben Sie einen Namen an.", "name")
    if (place.latitude is None) != (place.longitude is None):
        raise Malformed("Ein Punkt auf der Karte hat Breite und Länge.", "longitude")
    if place.latitude is not None and not -90 <= place.latitude <= 90:  # noqa: PLR2004 - degrees
        raise Malformed("Die Breite liegt zwischen -90 und 90 Grad.", "latitude")
    if place.longitude is not None and not -180 <= place.longitude <= 180:  # noqa: PLR2004
        raise Malformed("Die Länge liegt zwischen -180 und 180 Grad.", "longitude")
    return place

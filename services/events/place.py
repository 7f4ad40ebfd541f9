"""Knows the places where events are and those who hold them, as the city keeps them."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

import msgspec

from shared.errors import Malformed, NotFound


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
    """Return in words how accessible a place is; empty where nobody has looked."""
    told = [
        (place.is_step_free, "stufenlos erreichbar", "nicht stufenlos erreichbar"),
        (place.has_accessible_toilet, "barrierefreie Toilette", "keine barrierefreie Toilette"),
        (place.has_hearing_loop, "induktive Höranlage", "keine induktive Höranlage"),
    ]
    words = [yes if known else no for known, yes, no in told if known is not None]
    if place.wheelchair_places is not None:
        words.append(f"Rollstuhlplätze: {place.wheelchair_places}")
    return [*words, *([place.access_note] if place.access_note else [])]


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

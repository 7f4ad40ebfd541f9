"""The forms in which editors say what they know about places, organisers and districts."""

import re
from typing import Annotated, Any, Final, Literal

import msgspec

from services.events.place import Organiser, OrganiserContent, Place, PlaceContent
from shared.errors import Malformed

MOST_WHEELCHAIR_PLACES: Final = 10_000
Known = Literal["unknown", "yes", "no"]
_ANSWERS: Final[dict[Known, bool | None]] = {"unknown": None, "yes": True, "no": False}
_POINT: Final = re.compile(
    r"(-?\d{1,2}[.,]\d{1,10})\s*(?:°?\s*N)?\s*[,; ]\s*(-?\d{1,3}[.,]\d{1,10})\s*(?:°?\s*[EO])?",
    re.ASCII,
)


class PlaceForm(msgspec.Struct, kw_only=True):
    """What is known about a place."""

    version: int = 0
    """Of the place, as the editor has seen it."""
    name: Annotated[str, msgspec.Meta(max_length=300)]
    address: Annotated[str, msgspec.Meta(max_length=300)] = ""
    district: str = ""
    """Slug."""
    point: Annotated[str, msgspec.Meta(max_length=100)] = ""
    """Latitude and longitude as map services write them: `51.0504, 13.7373`."""
    is_step_free: Known = "unknown"
    has_hearing_loop: Known = "unknown"
    has_accessible_toilet: Known = "unknown"
    wheelchair_places: Annotated[int, msgspec.Meta(ge=0, le=MOST_WHEELCHAIR_PLACES)] | None = None
    access_note: Annotated[str, msgspec.Meta(max_length=1_000)] = ""

    def __post_init__(self) -> None:
        """Refuse a point that is none."""
        point_of(self.point)

    def content(self) -> PlaceContent:
        """Return what is known."""
        latitude, longitude = point_of(self.point)
        return PlaceContent(
            name=self.name,
            address=self.address,
            district=self.district or None,
            latitude=latitude,
            longitude=longitude,
            is_step_free=_ANSWERS[self.is_step_free],
            has_hearing_loop=_ANSWERS[self.has_hearing_loop],
            has_accessible_toilet=_ANSWERS[self.has_accessible_toilet],
            wheelchair_places=self.wheelchair_places,
            access_note=self.access_note,
        )


class OrganiserForm(msgspec.Struct, kw_only=True):
    """What is known about an organiser."""

    version: int = 0
    name: Annotated[str, msgspec.Meta(max_length=300)]
    website: Annotated[str, msgspec.Meta(max_length=2_000)] = ""

    def content(self, before: OrganiserContent | None = None) -> OrganiserContent:
        """Return what is known; which association it is stays as it is."""
        organisation_id = before.organisation_id if before else None
        return OrganiserContent(
            name=self.name, website=self.website, organisation_id=organisation_id
        )


class DistrictForm(msgspec.Struct, kw_only=True):
    """The name of a district."""

    title: Annotated[str, msgspec.Meta(max_length=100)]


def point_of(text: str) -> tuple[float | None, float | None]:
    """Return latitude and longitude in degrees, None both where nothing was typed.

    Raises:
        Malformed: it is no point.
    """
    if not text:
        return None, None
    found = _POINT.fullmatch(text)
    if found is None:
        raise Malformed("Bitte Breite und Länge wie 51.0504, 13.7373.", "point")
    latitude, longitude = (float(part.replace(",", ".")) for part in found.groups())
    return latitude, longitude


def shown_place(place: Place) -> dict[str, Any]:
    """Return the fields of PlaceForm for a place."""
    answers = {value: name for name, value in _ANSWERS.items()}
    point = "" if place.latitude is None else f"{place.latitude}, {place.longitude}"
    return {
        **msgspec.structs.asdict(place),
        "district": place.district or "",
        "point": point,
        "is_step_free": answers[place.is_step_free],
        "has_hearing_loop": answers[place.has_hearing_loop],
        "has_accessible_toilet": answers[place.has_accessible_toilet],
    }


def shown_organiser(organiser: Organiser) -> dict[str, Any]:
    """Return the fields of OrganiserForm for an organiser."""
    return msgspec.structs.asdict(organiser)

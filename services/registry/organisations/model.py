"""The organisation (Trägerorganisation): a body that people volunteer in."""

from datetime import datetime
from typing import Any, Final
from uuid import UUID

import msgspec

from shared.errors import NotFound

FIELDS: Final = {
    "sport": "Sport und Bewegung",
    "culture": "Kultur und Musik",
    "leisure": "Freizeit und Geselligkeit",
    "social": "Soziales",
    "health": "Gesundheit",
    "school": "Schule und Kindergarten",
    "youth": "Jugendarbeit und Erwachsenenbildung",
    "environment": "Umwelt, Naturschutz, Tierschutz",
    "politics": "Politik und politische Interessenvertretung",
    "profession": "Berufliche Interessenvertretung",
    "religion": "Kirche oder Religion",
    "rescue": "Unfall- und Rettungsdienst, freiwillige Feuerwehr",
    "justice": "Justiz und Kriminalitätsprobleme",
    "local": "Lokales Bürgerengagement",
    "other": "Sonstiger Bereich",
}
"""Fields of engagement (Engagementbereiche) by their stable code.

Source: Deutscher Freiwilligensurvey, the 14 areas of 2009; `other` since its later waves.
"""

OTHER_FIELD: Final = "other"


class OrganisationUnknown(NotFound):
    """There is no organisation with this id."""

    def __init__(self) -> None:
        super().__init__("Diese Organisation gibt es nicht (mehr).")


class OrganisationRow(msgspec.Struct, frozen=True, kw_only=True):
    """What a source, or somebody at a form, says about one organisation, already checked."""

    source_number: str
    """The number under which the source keeps the organisation; the same in every later file."""
    name: str
    field: str
    """Code of the field of engagement, a key of FIELDS."""
    district: str
    """Part of the town (Stadtteil); empty if unknown."""
    contact_name: str
    """Who acts for the organisation (Ansprechperson); empty if unknown."""
    email: str | None
    street: str
    postal_code: str
    town: str

    @property
    def has_address(self) -> bool:
        """Whether a letter would arrive."""
        return bool(self.street and self.postal_code and self.town)


class Organisation(msgspec.Struct, frozen=True):
    """A body that people volunteer in, registered."""

    organisation_id: UUID
    version: int
    source_number: str
    name: str
    field: str
    district: str
    contact_name: str
    email: str | None
    street: str
    postal_code: str
    town: str
    edited: dict[str, Any]
    """By field name, what the source said last, where somebody has changed it by hand."""
    registered_at: datetime
    registered_by: str


class OrganisationLine(msgspec.Struct, frozen=True):
    """An organisation as one line of a list."""

    organisation_id: UUID
    source_number: str
    name: str
    field: str
    district: str
    contact_name: str
    email: str | None
    people: int
    """Who is engaged in it today."""

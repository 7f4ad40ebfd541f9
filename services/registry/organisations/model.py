"""The organisation (Trägerorganisation): a body that people volunteer in."""

from typing import Final

import msgspec

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


class OrganisationRow(msgspec.Struct, frozen=True, kw_only=True):
    """What a source says about one organisation, already checked."""

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

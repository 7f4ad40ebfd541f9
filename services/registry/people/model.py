"""The person (Person): what is known about somebody who volunteers."""

from datetime import date
from typing import Literal

import msgspec

Salutation = Literal["Frau", "Herr", ""]
"""How letters begin; empty: with the full name."""


class PersonRow(msgspec.Struct, frozen=True, kw_only=True):
    """What a source says about one person, already checked."""

    source_number: str
    """The number under which the source keeps the person; the same in every later file."""
    salutation: Salutation
    given_name: str
    family_name: str
    email: str | None
    street: str
    """With the house number; empty if unknown."""
    postal_code: str
    town: str
    born_on: date | None

    @property
    def has_address(self) -> bool:
        """Whether a letter would arrive."""
        return bool(self.street and self.postal_code and self.town)

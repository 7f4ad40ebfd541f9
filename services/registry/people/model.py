"""The person (Person): what is known about somebody who volunteers."""

from datetime import date, datetime
from typing import Any, Literal
from uuid import UUID

import msgspec

from shared.errors import NotFound

Salutation = Literal["Frau", "Herr", ""]
"""How letters begin; empty: with the full name."""


class PersonUnknown(NotFound):
    """There is no person with this id."""

    def __init__(self) -> None:
        super().__init__("Diese Person gibt es nicht (mehr).")


class PersonRow(msgspec.Struct, frozen=True, kw_only=True):
    """What a source, or somebody at a form, says about one person, already checked."""

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


class Person(msgspec.Struct, frozen=True):
    """A natural person, registered."""

    person_id: UUID
    version: int
    source_number: str
    salutation: Salutation
    given_name: str
    family_name: str
    email: str | None
    street: str
    postal_code: str
    town: str
    born_on: date | None
    edited: dict[str, Any]
    """By field name, what the source said last, where somebody has changed it by hand."""
    registered_at: datetime
    registered_by: str

    @property
    def name(self) -> str:
        """Return given and family name."""
        return f"{self.given_name} {self.family_name}"


class PersonLine(msgspec.Struct, frozen=True):
    """A person as one line of a list."""

    person_id: UUID
    source_number: str
    given_name: str
    family_name: str
    email: str | None
    postal_code: str
    town: str
    engagements: int
    """Those that have not ended."""

"""Knows what people need of a place to take part: lists and feeds are narrowed to it."""

from typing import Final

import msgspec


class Need(msgspec.Struct, frozen=True):
    """Something that somebody needs of a place (Barrierefreiheit)."""

    field: str
    """What says so in a selection, and of a date in a list."""
    slug: str
    """How it stands in addresses; its standing feed has this name too."""
    title: str
    """In German, as a choice: `Mit Höranlage`."""
    brief: str
    """In German, in the line of a date."""

    @property
    def said(self) -> str:
        """Return the title within a sentence."""
        return self.title[0].lower() + self.title[1:]


NEEDS: Final = (
    Need("is_step_free", "stufenlos", "Stufenlos erreichbar", "stufenlos"),
    Need("has_hearing_loop", "hoeranlage", "Mit Höranlage", "Höranlage"),
    Need("has_wheelchair_places", "rollstuhlplaetze", "Mit Rollstuhlplätzen", "Rollstuhlplätze"),
)
"""In the order in which they are shown."""


def needs_of(told: object) -> list[Need]:
    """Return those needs that a selection names, or that a date's place is known to meet."""
    return [need for need in NEEDS if getattr(told, need.field)]

"""Knows the controlled lists of what events are about and whom they are meant for."""

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import Final

import msgspec

from services.events.content import EventTexts
from shared.errors import Malformed

_FILLERS: Final = frozenset({"und", "aus", "mit", "menschen"})
"""Words of titles that name nothing, or too much."""


class Term(msgspec.Struct, frozen=True):
    """An entry of a controlled list."""

    code: str
    slug: str
    """The German word in addresses."""
    title: str


class Category(Term, frozen=True):
    """What an event is about (Rubrik)."""

    colour: str


class Audience(Term, frozen=True):
    """Those whom an event is meant for (Zielgruppe)."""


class Terms(msgspec.Struct, frozen=True):
    """Both controlled lists, each in its order."""

    categories: list[Category]
    audiences: list[Audience]


def titles_of(codes: Sequence[str], terms: Sequence[Term]) -> list[str]:
    """Return the titles of terms in the order of the controlled list."""
    return [term.title for term in terms if term.code in codes]


def codes_of(words: Sequence[str], terms: Sequence[Term]) -> list[str]:
    """Return the codes of the terms that words name; words that name none are left out.

    A term is named by its code, its address, its title or a word of its title.
    """
    if not words:
        return []
    named = {word.strip().lower() for word in words}
    return [term.code for term in terms if not named.isdisjoint(_names(term))]


def require_known(codes: Sequence[str], categories: Sequence[Category]) -> None:
    """Stop a code that stands for no category.

    Raises:
        Malformed: names the field.
    """
    if not {category.code for category in categories}.issuperset(codes):
        raise Malformed("Diese Rubrik gibt es nicht.", "categories")


def require_terms(texts: EventTexts, terms: Terms) -> None:
    """Stop a code that stands for no category or no audience.

    Raises:
        Malformed: names the field.
    """
    require_known(texts.categories, terms.categories)
    if not {audience.code for audience in terms.audiences}.issuperset(texts.audiences):
        raise Malformed("Diese Zielgruppe gibt es nicht.", "audiences")


@lru_cache
def _names(term: Term) -> frozenset[str]:
    title = term.title.lower()
    words = set(re.findall(r"\w+", title)) - _FILLERS
    return frozenset({term.code, term.slug, title, *words})

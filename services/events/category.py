"""Knows the controlled list of what events are about."""

import re
from collections.abc import Sequence

import msgspec

from shared.errors import Malformed


class Category(msgspec.Struct, frozen=True):
    """What an event is about, from the controlled list (Rubrik)."""

    code: str
    slug: str
    """The German word in addresses."""
    title: str
    colour: str


def titles_of(codes: Sequence[str], categories: Sequence[Category]) -> list[str]:
    """Return the titles of categories in the order of the controlled list."""
    return [category.title for category in categories if category.code in codes]


def codes_of(words: Sequence[str], categories: Sequence[Category]) -> list[str]:
    """Return the codes of the categories that words name; words that name none are left out.

    A category is named by its code, its address, its title or a word of its title.
    """
    named = {word.strip().lower() for word in words}
    return [category.code for category in categories if named & _names(category)]


def require_known(codes: Sequence[str], categories: Sequence[Category]) -> None:
    """Stop a code that stands for no category.

    Raises:
        Malformed: names the field.
    """
    if not {category.code for category in categories}.issuperset(codes):
        raise Malformed("Diese Rubrik gibt es nicht.", "categories")


def _names(category: Category) -> set[str]:
    title = category.title.lower()
    return {category.code, category.slug, title, *re.findall(r"\w+", title)} - {"und"}

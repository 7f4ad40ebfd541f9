"""Knows the controlled list of what events are about."""

from collections.abc import Sequence

import msgspec


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
    """Return the codes of the categories that code, address or title names; others are left out."""
    named = {word.strip().lower() for word in words}
    return [
        category.code
        for category in categories
        if named & {category.code, category.slug, category.title.lower()}
    ]

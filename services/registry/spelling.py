"""Brings names into the one spelling in which they are compared, searched and sorted."""

import unicodedata
from re import compile as pattern
from typing import Final

SEARCHED_WORDS: Final = 3
"""How many of the words that were typed are looked for, the longest."""

_UMLAUTS: Final = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "æ": "ae", "ø": "oe", "œ": "oe"})
_NOT_WORD: Final = pattern(r"[\W_]+")


def folded(text: str) -> str:
    """Return the text in lower case, umlauts spelt out, without accents (Müßig: muessig).

    Sorting by it puts ä beside ae, as lists of names do. Source: DIN 5007-2 (Variante 2).
    """
    if text.isascii():
        return text.lower()
    spelt_out = unicodedata.normalize("NFC", text.casefold()).translate(_UMLAUTS)
    return _without_accents(spelt_out)


def search_words(text: str) -> list[str]:
    """Return the words that a search looks for, each in its folded spelling."""
    return _NOT_WORD.sub(" ", folded(text)).split()


def searchable(*texts: str) -> str:
    """Return all words of the texts for searching; words with umlauts also without the added e."""
    words = dict.fromkeys(search_words(" ".join(texts)))
    if not all(text.isascii() for text in texts):
        plain = _without_accents(unicodedata.normalize("NFC", " ".join(texts).casefold()))
        words |= dict.fromkeys(_NOT_WORD.sub(" ", plain).split())
    return " ".join(words)


def _without_accents(text: str) -> str:
    decomposed = unicodedata.normalize("NFKD", text)
    return "".join(sign for sign in decomposed if not unicodedata.combining(sign))


def patterns(typed: str) -> tuple[str | None, str | None, str | None]:
    """Return what `search` must be like for the words that somebody typed; None for no word."""
    words = sorted(search_words(typed), key=len, reverse=True)[:SEARCHED_WORDS]
    found: list[str | None] = [f"%{word}%" for word in words]
    found += [None] * (SEARCHED_WORDS - len(found))
    return found[0], found[1], found[2]

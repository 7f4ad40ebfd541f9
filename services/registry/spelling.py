"""Brings names into the one spelling in which they are compared, searched and sorted."""

import unicodedata
from re import compile as pattern
from typing import Final

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


def patterns(typed: str) -> tuple[str | None, list[str] | None]:
    """Return what `search` must be like: the longest word that was typed, and all of them.

    The longest stands by itself because an index finds it; None where no word was typed.
    """
    words = sorted(search_words(typed), key=len, reverse=True)
    found = [f"%{word}%" for word in words]
    return (found[0], found) if found else (None, None)

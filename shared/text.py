"""Cleans text that comes in: one normal form, and no characters that deceive or break."""

import unicodedata
from typing import Final

from shared.errors import Malformed

_ALLOWED_CONTROLS: Final = frozenset("\n\t")
_BIDI: Final = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


class UnreadableText(Malformed):
    """Text holds a character that cannot be stored or would deceive a reader."""

    def __init__(self, character: str, field: str | None = None) -> None:
        super().__init__(
            f"Der Text enthält ein nicht erlaubtes Zeichen (U+{ord(character):04X}).", field
        )


def clean(text: str, field: str | None = None) -> str:
    """Return the text in Unicode's composed form (NFC), with line ends as a single line feed.

    Raises:
        UnreadableText: a NUL, a C0 or C1 control other than line feed and tab, a lone surrogate
            or a character that changes the direction of writing.
    """
    if text.isascii() and text.isprintable():
        return text
    unified = text.replace("\r\n", "\n").replace("\r", "\n")
    for character in unified:
        if _is_refused(character):
            raise UnreadableText(character, field)
    return unicodedata.normalize("NFC", unified)


def _is_refused(character: str) -> bool:
    if character in _ALLOWED_CONTROLS:
        return False
    return character in _BIDI or unicodedata.category(character) in ("Cc", "Cs")

"""Makes codes that people read from paper and type, and forgives the slips they make."""

import secrets
from typing import Final

ALPHABET: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Five bits a character: no I, L, O and U, which are taken for 1, 1, 0 and V.

Source: Douglas Crockford, Base 32.
"""

_READ_AS: Final = str.maketrans("ILOU", "110V", " -_.\t\r\n\u00a0\u2010\u2011\u2012\u2013\u2014")


def mint_code(size: int) -> str:
    """Return that many random characters, as they are printed."""
    return grouped("".join(secrets.choice(ALPHABET) for _ in range(size)))


def grouped(code: str) -> str:
    """Set hyphens between groups of four, as codes are printed and read aloud."""
    return "-".join(code[start : start + 4] for start in range(0, len(code), 4))


def as_printed(typed: str, size: int) -> str | None:
    """Return a typed code as it was printed, or None if it cannot be one of `size` characters.

    Small letters, missing or other hyphens, blanks, and I, L, O, U for 1, 1, 0, V are forgiven.
    """
    code = typed.upper().translate(_READ_AS)
    if len(code) != size or any(character not in ALPHABET for character in code):
        return None
    return grouped(code)

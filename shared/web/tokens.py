"""Makes the secrets of personal links and printed letters, and what is stored of them."""

import hashlib
import secrets
from typing import Final

TOKEN_BYTES: Final = 24
CODE_ALPHABET: Final = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
"""No 0/O, 1/I/L: what a person reads from paper has one reading."""
CODE_LENGTH: Final = 8


def new_token() -> str:
    """Return the random secret of a personal link: 192 bits in 32 URL-safe characters."""
    return secrets.token_urlsafe(TOKEN_BYTES)


def hash_token(token: str) -> bytes:
    """Return the 32 bytes that are stored instead of a link's token or a letter's code.

    Source: OWASP ASVS 5.0 6.5.2, a plain hash is enough from 112 bits of randomness; codes have
    fewer and are guarded by the rate limit on misses.
    """
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).digest()


def new_code() -> str:
    """Return the random code of a printed letter, such as `7KQM-4T2X` (39 bits)."""
    return shape_code("".join(secrets.choice(CODE_ALPHABET) for _ in range(CODE_LENGTH)))


def shape_code(code: str) -> str:
    """Return a code as it is printed, in groups of four."""
    return "-".join(code[start : start + 4] for start in range(0, len(code), 4))


def normalise_code(typed: str) -> str | None:
    """Return what somebody typed as it is printed, or None if it cannot be a code.

    Case, blanks and dashes do not matter: `7kqm 4t2x` is `7KQM-4T2X`.
    """
    bare = "".join(character for character in typed.upper() if character.isalnum())
    if len(bare) != CODE_LENGTH or any(character not in CODE_ALPHABET for character in bare):
        return None
    return shape_code(bare)

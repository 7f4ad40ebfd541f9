"""Makes the secrets of one way to the provider and back."""

import base64
import hashlib
from secrets import token_urlsafe

BYTES = 32


def new_secret() -> str:
    """Return 256 random bits in 43 URL-safe characters."""
    return token_urlsafe(BYTES)


def challenge_of(verifier: str) -> str:
    """Return the S256 challenge of a code verifier. Source: RFC 7636 4.2."""
    digest = hashlib.sha256(verifier.encode()).digest()
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()

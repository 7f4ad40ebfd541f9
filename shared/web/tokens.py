"""Says what is stored of the secrets that people hold."""

import hashlib


def hash_token(token: str) -> bytes:
    """Return the 32 bytes that are stored and compared instead of a secret.

    Source: OWASP ASVS 5.0 6.5.2, a plain hash is enough from 112 bits of randomness.
    """
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).digest()
